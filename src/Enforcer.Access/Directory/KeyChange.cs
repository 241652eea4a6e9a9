namespace Enforcer.Access;

/// <summary>What became of a rotation.</summary>
/// <param name="Result">Done, or why not.</param>
/// <param name="Old">The key as it is now; null if there is none.</param>
/// <param name="Successor">The new key; null unless <see cref="Result"/> is <see cref="KeyChangeResult.Done"/>.</param>
public sealed record KeyChange(KeyChangeResult Result, KeyRecord? Old, KeyRecord? Successor);
