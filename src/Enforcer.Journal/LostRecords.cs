namespace Enforcer.Journal;

/// <summary>Which accounts must be dropped from memory and loaded again, because records of theirs were lost or may have been.</summary>
/// <param name="DurableBatch">Without a list: every account whose tail lies in a later batch.</param>
/// <param name="Accounts">Only these accounts, whose records alone fell out of their batch; null for all.</param>
/// <param name="Cause">Why.</param>
public sealed record LostRecords(long DurableBatch, IReadOnlyList<long>? Accounts, Exception Cause);
