namespace Enforcer.Access;

/// <summary>What is kept of prices. The numbers are stored.</summary>
public enum PriceRecordKind
{
    /// <summary>A version of a seller's rate card; its name is the seller's.</summary>
    Version = 1,

    /// <summary>The rules of a price plan; its name is the plan's.</summary>
    Plan = 2,

    /// <summary>Which plans an account is priced by; its name is the account's number.</summary>
    Account = 3,
}
