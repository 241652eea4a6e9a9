namespace Enforcer.Access;

/// <summary>What became of a revocation.</summary>
/// <param name="Result">Done, or why not.</param>
/// <param name="Token">The token as it is now; null if there is none.</param>
public sealed record TokenChange(TokenChangeResult Result, TokenRecord? Token);
