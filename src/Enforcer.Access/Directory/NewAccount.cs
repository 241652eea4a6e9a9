namespace Enforcer.Access;

/// <summary>An account to be made. Cannot be constructed with a name or a unit that breaks the rules.</summary>
public sealed record NewAccount
{
    /// <summary>An account to be made.</summary>
    /// <exception cref="ArgumentException">The id or the unit breaks its rule; the message says which and how.</exception>
    public NewAccount(string id, string unit, long createdAtMs)
    {
        DirectoryRules.RequireAccountId(id);
        DirectoryRules.RequireUnit(unit);
        Id = id;
        Unit = unit;
        CreatedAtMs = createdAtMs;
    }

    /// <summary>See <see cref="AccountRecord.Id"/>.</summary>
    public string Id { get; }

    /// <summary>See <see cref="AccountRecord.Unit"/>.</summary>
    public string Unit { get; }

    /// <summary>When it is made, in Unix milliseconds.</summary>
    public long CreatedAtMs { get; }
}
