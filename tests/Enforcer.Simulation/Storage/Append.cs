using Enforcer.Journal;

namespace Enforcer.Simulation.Storage;

/// <summary>One append as it goes to the database: the batch, and what the connection believes.</summary>
internal sealed record Append(int Node, long Incarnation, long Revocations, StoredBatch Batch, ReadOnlyMemory<byte> PreviousHash);
