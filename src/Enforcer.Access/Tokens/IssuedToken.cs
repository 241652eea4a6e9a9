namespace Enforcer.Access;

/// <summary>A token that was just made: the only time that its secret is there.</summary>
/// <param name="Credential">The secret, to be shown once.</param>
/// <param name="Token">What the directory knows of it.</param>
public sealed record IssuedToken(Credential Credential, TokenRecord Token);
