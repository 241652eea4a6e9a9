namespace Enforcer.Journal;

/// <summary>An account that time changes.</summary>
/// <param name="Account">Its number.</param>
/// <param name="NextExpiryMs">When, Unix ms.</param>
public readonly record struct DueAccount(long Account, long NextExpiryMs);
