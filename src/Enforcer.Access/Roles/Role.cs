namespace Enforcer.Access;

/// <summary>What the holder of a token is. The numbers are stored and sent: they never change.</summary>
public enum Role
{
    /// <summary>A gateway that reserves and commits.</summary>
    Edge = 1,

    /// <summary>Somebody who reads accounts, keys and the ledger.</summary>
    Viewer = 2,

    /// <summary>Somebody who changes accounts and keys.</summary>
    Operator = 3,

    /// <summary>Somebody who also makes and revokes tokens.</summary>
    Admin = 4,
}
