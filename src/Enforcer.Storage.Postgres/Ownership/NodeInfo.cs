namespace Enforcer.Storage.Postgres;

/// <summary>A node as the journal knows it.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Stream">Its stream's number.</param>
/// <param name="State">What has become of it.</param>
/// <param name="Incarnation">Rises with every connection that appends for it, and when it is replaced.</param>
/// <param name="Owner">The process that opened it last.</param>
/// <param name="Batches">How many batches its stream has.</param>
/// <param name="Uncovered">How many of them heads do not contain yet: what a successor must read.</param>
public sealed record NodeInfo(string Node, int Stream, NodeState State, long Incarnation, string Owner, long Batches, long Uncovered);
