namespace Enforcer.Ledger.Accounts;

/// <summary>Whether an account grants; numbers are those of the wire.</summary>
public enum AccountStatus : byte
{
    /// <summary>It has not been opened.</summary>
    None = 0,

    /// <summary>It grants within its limits.</summary>
    Active = 1,

    /// <summary>It grants nothing new until an operator resumes it.</summary>
    Suspended = 2,

    /// <summary>It never grants again.</summary>
    Closed = 3,
}
