namespace Enforcer.Access;

/// <summary>A token as the directory knows it: everything but its secret.</summary>
/// <param name="TokenId">Its name, <c>tok_…</c>; names sort by the time of making. The actor of what its holder does.</param>
/// <param name="Hash">The hash of its secret.</param>
/// <param name="Role">What its holder is.</param>
/// <param name="Label">For people: at most 128 characters.</param>
/// <param name="ShownPrefix">The beginning of the secret.</param>
/// <param name="CreatedAtMs">When it was made, in Unix milliseconds.</param>
/// <param name="RevokedAtMs">When it was revoked; 0 if it was not.</param>
public sealed record TokenRecord(
    string TokenId,
    CredentialHash Hash,
    Role Role,
    string Label,
    string ShownPrefix,
    long CreatedAtMs,
    long RevokedAtMs);
