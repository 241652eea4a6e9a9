using Enforcer.Ledger.Limits;

namespace Enforcer.Ledger.Accounts;

/// <summary>One spend limit with its counts, as a snapshot keeps it.</summary>
/// <param name="Slot">Its slot.</param>
/// <param name="Limit">The limit.</param>
/// <param name="CreatedSeq">The seq of the entry that set it.</param>
/// <param name="Current">The current window.</param>
/// <param name="Previous">The window before.</param>
public sealed record CounterSnapshot(int Slot, SpendLimit Limit, long CreatedSeq, WindowUse Current, WindowUse Previous);
