namespace Enforcer.Client;

/// <summary>The id of an account, for callers that know it instead of a customer's secret key.</summary>
/// <param name="Value">1 to 64 characters of A-Z a-z 0-9 . _ : -</param>
public readonly record struct AccountName(string Value)
{
    /// <summary>The id itself.</summary>
    public override string ToString() => Value;
}
