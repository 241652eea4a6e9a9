namespace Enforcer.Ledger.Prices;

/// <summary>One running count of an account in its current period.</summary>
/// <param name="Counter">Its name.</param>
/// <param name="Committed">What committed calls have added.</param>
/// <param name="Held">What open reservations can add.</param>
public readonly record struct PeriodCount(string Counter, long Committed, long Held);
