namespace Enforcer.Access;

/// <summary>The stable words for what the audit trail tells.</summary>
public static class AuditActions
{
    /// <summary>A key was made.</summary>
    public const string KeyCreate = "key.create";

    /// <summary>A key got a successor.</summary>
    public const string KeyRotate = "key.rotate";

    /// <summary>A key was revoked.</summary>
    public const string KeyRevoke = "key.revoke";

    /// <summary>A token was made.</summary>
    public const string TokenCreate = "token.create";

    /// <summary>A token was revoked.</summary>
    public const string TokenRevoke = "token.revoke";

    /// <summary>Somebody came without a token that is known and in force.</summary>
    public const string Unauthenticated = "refused.token";

    /// <summary>Somebody's role does not permit what was asked.</summary>
    public const string Forbidden = "refused.role";
}
