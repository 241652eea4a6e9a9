namespace Enforcer.Journal;

/// <summary>
/// Names the batch that holds what was appended. Batch 0 stands for nothing, which is always durable. The number of a batch that was
/// lost is used again by a later generation; that is why both are needed.
/// </summary>
/// <param name="Batch">The batch's number.</param>
/// <param name="Generation">The journal's generation at that moment.</param>
public readonly record struct AppendTicket(long Batch, int Generation);
