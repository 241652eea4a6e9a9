namespace Enforcer.Access;

/// <summary>What a call needs. <see cref="RoleTable"/> says which role has it.</summary>
[Flags]
public enum Permission
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The edge service: Reserve, Extend, Commit, Release, Get, Session.</summary>
    UseEdge = 1,

    /// <summary>Reading in the operator service: accounts, keys, the ledger, watching.</summary>
    Read = 2,

    /// <summary>Changing accounts and keys.</summary>
    Change = 4,

    /// <summary>Making, listing and revoking tokens, and reading the audit trail.</summary>
    ManageTokens = 8,
}
