namespace Enforcer.Access;

/// <summary>What became of a rotation.</summary>
/// <param name="Result">Done, or why not.</param>
/// <param name="Old">The old key as it is now; null if there is none.</param>
/// <param name="Issued">The successor with its secret; null unless the result is <see cref="KeyChangeResult.Done"/>.</param>
public sealed record KeyRotation(KeyChangeResult Result, KeyRecord? Old, IssuedKey? Issued);
