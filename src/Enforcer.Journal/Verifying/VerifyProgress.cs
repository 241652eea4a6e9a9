namespace Enforcer.Journal.Verifying;

/// <summary>How far verifying has come.</summary>
/// <param name="Batch">The last batch read.</param>
/// <param name="OfBatches">The last batch there is; 0 if it is not known.</param>
/// <param name="Entries">Entries read so far.</param>
/// <param name="FindingCount">Things found wrong so far.</param>
public readonly record struct VerifyProgress(long Batch, long OfBatches, long Entries, long FindingCount);
