namespace Enforcer.Ledger.Prices;

/// <summary>Where one call stands in one of the account's running counts.</summary>
/// <param name="Counter">The count.</param>
/// <param name="Least">Reserved: how far the count was at the least when the reservation was made: what was committed. Committed: by which it was priced.</param>
/// <param name="Most">Reserved: how far it was at the most: that, and all that was held. Committed: the same as the least.</param>
/// <param name="Units">Reserved, Extended: how many units the call can add to it. Committed: how many it did add.</param>
public readonly record struct CountMark(string Counter, long Least, long Most, long Units);
