using Enforcer.Protocol.V1;

namespace Enforcer.Client;

/// <summary>
/// Names the account that a command spends from: by the customer's secret key (any string converts to this) or by its
/// <see cref="AccountName"/>.
/// </summary>
public readonly record struct AccountReference
{
    /// <summary>The longest key or account id, in characters.</summary>
    public const int MaxLength = 128;

    private AccountReference(string value, bool isKey)
    {
        Value = value;
        IsKey = isKey;
    }

    /// <summary>The key or the account id. A key is a secret: it belongs in no log.</summary>
    public string? Value { get; }

    /// <summary>Whether <see cref="Value"/> is a customer's secret key.</summary>
    public bool IsKey { get; }

    /// <summary>The account that a customer's secret key spends from.</summary>
    /// <param name="key"><c>enf_live_…</c></param>
    public static AccountReference FromKey(string key) => new(Check(key, "key"), isKey: true);

    /// <summary>The account with this id.</summary>
    public static AccountReference FromName(AccountName account) => new(Check(account.Value, "account"), isKey: false);

    /// <inheritdoc cref="FromKey"/>
    public static implicit operator AccountReference(string key) => FromKey(key);

    /// <inheritdoc cref="FromName"/>
    public static implicit operator AccountReference(AccountName account) => FromName(account);

    /// <summary>The account id, or the recognisable beginning of a key; safe to log.</summary>
    public override string ToString()
    {
        if (Value is null)
            return "(none)";
        return IsKey ? $"key {Value[..Math.Min(Value.Length, 13)]}…" : Value;
    }

    internal AccountRef ToMessage() => IsKey ? new() { Key = Value } : new() { Account = Value };

    private static string Check(string? value, string field)
    {
        if (string.IsNullOrEmpty(value))
            throw new ArgumentException($"{field} is empty; pass the customer's enf_live_… key, or new AccountName(\"…\") for an account's id.", field);
        if (value.Length > MaxLength)
            throw new ArgumentException($"{field} has {value.Length} characters and at most {MaxLength} are allowed; pass the key as it was issued.", field);
        foreach (var c in value)
        {
            if (c is <= ' ' or > '~')
                throw new ArgumentException($"{field} holds U+{(int)c:X4}; keys and ids are printable ASCII without spaces.", field);
        }
        return value;
    }
}
