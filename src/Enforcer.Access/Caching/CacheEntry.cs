namespace Enforcer.Access;

/// <summary>What a hash stands for, and until when.</summary>
/// <param name="Value">The grant.</param>
/// <param name="ExpiresAtMs">From when on it counts no longer; 0 if it does not expire.</param>
internal sealed record CacheEntry<T>(T Value, long ExpiresAtMs)
    where T : class;
