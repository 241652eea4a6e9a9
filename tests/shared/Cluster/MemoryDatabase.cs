using Enforcer.Cluster;
using Enforcer.Journal;
using Enforcer.Journal.Reading;

namespace Enforcer.Testing.Cluster;

/// <summary>
/// What several nodes share, in memory: streams of batches with a fence each, heads with owners, the registry. It keeps the same promises as
/// PostgreSQL; each method is one transaction. Nodes can be cut off from it.
/// </summary>
public sealed class MemoryDatabase
{
    private readonly HashSet<string> _cutOff = [];

    /// <summary>Nodes that take note of what was taken from them wait for this.</summary>
    public Task Acknowledging { get; set; } = Task.CompletedTask;

    internal Lock Gate { get; } = new();

    internal Dictionary<string, MemoryStream> Streams { get; } = [];

    internal Dictionary<long, MemoryHead> Heads { get; } = [];

    internal Dictionary<string, MemberRow> Members { get; } = [];

    /// <summary>From now on nothing of this node gets here, or all of it does again.</summary>
    public void Cut(string node, bool isCut)
    {
        lock (Gate)
        {
            if (isCut) _cutOff.Add(node);
            else _cutOff.Remove(node);
        }
    }

    /// <summary>Who owns an account; null if nobody does.</summary>
    public string? OwnerOf(long account)
    {
        lock (Gate) return Heads.GetValueOrDefault(account)?.Node;
    }

    /// <summary>How many accounts a node owns.</summary>
    public int CountOf(string node)
    {
        lock (Gate) return Heads.Values.Count(head => head.Node == node);
    }

    internal void Require(string node)
    {
        if (_cutOff.Contains(node)) throw new JournalUnavailableException($"{node} cannot reach the database.");
    }

    internal MemoryStream StreamOf(long batch) => Streams.Values.Single(stream => stream.Number == BatchNumber.StreamOf(batch));

    /// <summary>One node's stream and fence.</summary>
    internal sealed class MemoryStream(int number)
    {
        public int Number { get; } = number;

        public List<StoredBatch> Batches { get; } = [];

        public TailScan Ends { get; } = new(BatchNumber.OriginOf(number), new byte[32]);

        public NodeStanding Standing { get; set; } = NodeStanding.Living;

        public Guid Session { get; set; }

        public long Incarnation { get; set; }

        public long Revocations { get; set; }

        public long CoveredThrough { get; set; } = BatchNumber.OriginOf(number);

        public List<(long Revocation, long Account)> Revoked { get; } = [];
    }

    /// <summary>An account's head with its owner.</summary>
    internal sealed class MemoryHead(string node, long account)
    {
        public string Node { get; set; } = node;

        public long Epoch { get; set; } = 1;

        public AccountTail End { get; set; } = new() { Account = account };

        public AccountHead? Snapshot { get; set; }

        public AccountHead ToHead(long account) => Snapshot is { } head
            ? head with { Epoch = Epoch, End = End.Seq > head.Seq ? End : default }
            : new AccountHead { Account = account, Epoch = Epoch, Seq = 0, LastBatch = 0, Crc = 0, Snapshot = default, End = End };
    }
}
