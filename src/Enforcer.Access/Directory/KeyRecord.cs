namespace Enforcer.Access;

/// <summary>A customer's key as the directory knows it: everything but its secret.</summary>
/// <param name="KeyId">Its name, <c>key_…</c>; names sort by the time of making.</param>
/// <param name="Hash">The hash of its secret.</param>
/// <param name="AccountNumber">The number of the account that pays.</param>
/// <param name="Account">The id of the account that pays.</param>
/// <param name="Label">For people: at most 128 characters.</param>
/// <param name="ShownPrefix">The beginning of the secret.</param>
/// <param name="CreatedAtMs">When it was made, in Unix milliseconds.</param>
/// <param name="ExpiresAtMs">From when on it is no longer accepted; 0 if it does not expire.</param>
/// <param name="RevokedAtMs">When it was revoked; 0 if it was not.</param>
/// <param name="Successor">The key that replaces it; null if it was not rotated.</param>
public sealed record KeyRecord(
    string KeyId,
    CredentialHash Hash,
    long AccountNumber,
    string Account,
    string Label,
    string ShownPrefix,
    long CreatedAtMs,
    long ExpiresAtMs,
    long RevokedAtMs,
    string? Successor)
{
    /// <summary>The key's state at a time in Unix milliseconds. Revocation has no time: it counts at once.</summary>
    public KeyState StateAt(long nowMs)
    {
        if (RevokedAtMs != 0)
            return KeyState.Revoked;
        return ExpiresAtMs != 0 && nowMs >= ExpiresAtMs ? KeyState.Expired : KeyState.Active;
    }
}
