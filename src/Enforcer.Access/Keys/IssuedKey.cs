namespace Enforcer.Access;

/// <summary>A key that was just made: the only time that its secret is there.</summary>
/// <param name="Credential">The secret, to be shown once.</param>
/// <param name="Key">What the directory knows of it.</param>
public sealed record IssuedKey(Credential Credential, KeyRecord Key);
