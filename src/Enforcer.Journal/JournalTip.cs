namespace Enforcer.Journal;

/// <summary>Where a store's journal ends.</summary>
/// <param name="Batch">The last batch; 0 for none.</param>
/// <param name="Hash">Its hash; 32 zero bytes for none.</param>
/// <param name="FirstAtMs">When it was opened, Unix ms; 0 for none.</param>
/// <param name="Epoch">Counts the owners of the store; that of the one who asks.</param>
/// <param name="CoveredThrough">Every entry up to this batch is contained in its account's head.</param>
public sealed record JournalTip(long Batch, ReadOnlyMemory<byte> Hash, long FirstAtMs, long Epoch, long CoveredThrough);
