namespace Enforcer.Ledger.Limits;

/// <summary>How long a spend cap counts before it starts again.</summary>
public enum SpendWindow : byte
{
    /// <summary>For the life of the account: a prepaid balance.</summary>
    Life = 1,

    /// <summary>A calendar day.</summary>
    Day = 2,

    /// <summary>An ISO week, from Monday.</summary>
    Week = 3,

    /// <summary>A calendar month.</summary>
    Month = 4,
}
