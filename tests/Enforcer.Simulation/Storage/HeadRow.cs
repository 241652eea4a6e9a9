using Enforcer.Journal;

namespace Enforcer.Simulation.Storage;

/// <summary>An account's head: its owner, where it ends as far as that is known, and its snapshot.</summary>
internal sealed class HeadRow(long account, int node)
{
    public long Account { get; } = account;

    public int Node { get; set; } = node;

    public long Epoch { get; set; } = 1;

    public AccountTail End { get; set; } = new() { Account = account };

    public AccountHead? Snapshot { get; set; }

    public AccountHead ToHead() => new()
    {
        Account = Account,
        Epoch = Epoch,
        Seq = Snapshot?.Seq ?? 0,
        LastBatch = Snapshot?.LastBatch ?? 0,
        Crc = Snapshot?.Crc ?? 0,
        NextExpiryMs = Snapshot?.NextExpiryMs ?? long.MaxValue,
        Snapshot = Snapshot?.Snapshot ?? ReadOnlyMemory<byte>.Empty,
        End = End,
    };
}
