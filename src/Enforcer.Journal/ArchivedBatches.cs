namespace Enforcer.Journal;

/// <summary>Batches that were taken out of a journal because they were old. Heads still contain what they led to.</summary>
/// <param name="From">The first one.</param>
/// <param name="Through">The last one.</param>
public readonly record struct ArchivedBatches(long From, long Through)
{
    /// <summary>True if this batch is one of them.</summary>
    public bool Contains(long batch) => batch >= From && batch <= Through;
}
