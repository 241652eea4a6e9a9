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

    /// <summary>A version was added to a price book.</summary>
    public const string PriceVersion = "prices.version";

    /// <summary>A price plan was set.</summary>
    public const string PricePlan = "prices.plan";

    /// <summary>An account was given price plans.</summary>
    public const string PriceAccount = "prices.account";

    /// <summary>Somebody came without a token that is known and in force.</summary>
    public const string Unauthenticated = "refused.token";

    /// <summary>Somebody's role does not permit what was asked.</summary>
    public const string Forbidden = "refused.role";
}
