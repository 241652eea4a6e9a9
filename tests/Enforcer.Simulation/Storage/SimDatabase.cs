using Enforcer.Cluster;
using Enforcer.Journal;
using Enforcer.Simulation.Checking;
using Enforcer.Simulation.Kernel;

namespace Enforcer.Simulation.Storage;

/// <summary>
/// The one database of a cluster as decision 8 uses it. Each method is one statement or transaction: it happens at one moment, whole. Latency, losses and
/// crashes are the connection's (<see cref="SimJournalStore"/>).
/// </summary>
internal sealed class SimDatabase(World world, DatabaseRules rules, JournalCheck check)
{
    private readonly Dictionary<string, NodeRow> _nodes = [];
    private readonly SortedDictionary<long, StoredBatch> _batches = [];
    private readonly Dictionary<long, long> _storedAt = [];
    private readonly SortedDictionary<long, HeadRow> _heads = [];
    private readonly SortedDictionary<string, MemberRow> _members = new(StringComparer.Ordinal);
    private long _session;

    public DatabaseRules Rules => rules;

    public JournalCheck Check => check;

    public IEnumerable<NodeRow> Nodes => _nodes.Values;

    public IEnumerable<HeadRow> Heads => _heads.Values;

    /// <summary>It takes no connections.</summary>
    public bool IsDown { get; set; }

    /// <summary>It has no room.</summary>
    public bool IsFull { get; set; }

    /// <summary>How many times slower than usual it is.</summary>
    public int Slowness { get; set; } = 1;

    public NodeRow NodeOf(int node) => _nodes.Values.First(row => row.Node == node);

    public NodeRow? Find(string name) => _nodes.GetValueOrDefault(name);

    public Claim Open(string name)
    {
        if (!_nodes.TryGetValue(name, out var row)) _nodes.Add(name, row = new NodeRow(_nodes.Count, name));
        row.Session = ++_session;
        row.Incarnation++;
        row.Standing = NodeStanding.Living;
        row.Taken.Clear();
        return new Claim(row.Node, row.Session, row.Revocations);
    }

    /// <summary>A connection that appends begins.</summary>
    public long? Connect(Claim claim)
    {
        var row = NodeOf(claim.Node);
        if (row.Session != claim.Session) return null;
        return rules.RaisesAtConnect ? ++row.Incarnation : row.Incarnation;
    }

    public JournalTip? ReadTip(Claim claim)
    {
        var row = NodeOf(claim.Node);
        return row.Session == claim.Session ? new JournalTip(row.Tip, row.TipHash, row.TipFirstAtMs, row.Incarnation, row.CoveredThrough) : null;
    }

    /// <summary>True if the batch was added.</summary>
    public bool TryAppend(Append append)
    {
        var row = NodeOf(append.Node);
        if (rules.Admit(this, row, append) is not { } batch) return false;
        batch = rules.Written(batch);
        _batches.Add(batch.Number, batch);
        _storedAt.Add(batch.Number, world.Now);
        (row.Tip, row.TipHash, row.TipFirstAtMs) = (batch.Number, batch.Hash.ToArray(), batch.FirstAtMs);
        world.Trace.Add(world.Now, "batch", row.Name, batch.Number, batch.Payload.Length, BitConverter.ToInt64(batch.Hash.Span));
        check.Appended(row, batch, rules.KeepsBatches);
        return true;
    }

    public StoredBatch? ReadBatch(long number) => _batches.GetValueOrDefault(number);

    public List<StoredBatch> ReadBatches(long from, long through, int limit)
    {
        var some = new List<StoredBatch>();
        for (var number = from; number <= through && some.Count < limit && _batches.TryGetValue(number, out var batch); number++) some.Add(batch);
        return some;
    }

    public long FindBatchBefore(long origin, long atMs)
    {
        var found = origin;
        for (var number = origin + 1; _batches.TryGetValue(number, out var batch) && batch.FirstAtMs < atMs; number++) found = number;
        return found;
    }

    public HeadRow? ReadHead(long account) => _heads.GetValueOrDefault(account);

    /// <summary>The account's head, which is this node's now if it was nobody's; else its owner, and since which change of owners it is that.</summary>
    public (AccountHead? Head, NodeRow? Owner, long Epoch) ClaimHead(long account, Claim claim)
    {
        if (NodeOf(claim.Node).Session != claim.Session) return (null, null, 0);
        if (!_heads.TryGetValue(account, out var head)) _heads.Add(account, head = new HeadRow(account, claim.Node));
        var owner = NodeOf(head.Node);
        if (owner.Node != claim.Node && owner.Standing == NodeStanding.Replaced) Give(head, claim.Node);
        return rules.IsOwner(head, claim) ? (head.ToHead(), null, head.Epoch) : (null, NodeOf(head.Node), head.Epoch);
    }

    /// <summary>False if the node was replaced.</summary>
    public bool WriteHeads(Claim claim, IReadOnlyList<AccountHead> heads, long coveredThrough)
    {
        var row = NodeOf(claim.Node);
        if (row.Session != claim.Session) return false;
        foreach (var given in heads)
        {
            if (!_heads.TryGetValue(given.Account, out var head)) _heads.Add(given.Account, head = new HeadRow(given.Account, claim.Node));
            if (!rules.IsHeadWritten(row, head) || !rules.Replaces(head.Snapshot, given)) continue;
            head.Snapshot = given;
            head.End = rules.EndAfter(head, given);
            world.Trace.Add(world.Now, "head", row.Name, given.Account, given.Seq, given.Crc);
            check.HeadWritten(given);
        }
        row.CoveredThrough = Math.Max(row.CoveredThrough, rules.Covered(row, coveredThrough));
        check.Covered(row, this);
        return true;
    }

    public List<DueAccount> ReadDue(int node, long atMs, int limit) =>
    [
        .. _heads.Values.Where(head => head.Node == node && head.Snapshot?.NextExpiryMs <= atMs)
            .OrderBy(head => head.Snapshot!.NextExpiryMs).ThenBy(head => head.Account).Take(limit)
            .Select(head => new DueAccount(head.Account, head.Snapshot!.NextExpiryMs)),
    ];

    /// <summary>Everything that was taken from a node and that it does not know of yet.</summary>
    public static List<long> ReadTaken(NodeRow row, long known) =>
        [.. row.Taken.Where(taken => taken.Revocation > known).Select(static taken => taken.Account).Distinct().Order()];

    public bool IsCurrent(Claim claim, long knownRevocations, long account) =>
        rules.IsCurrent(NodeOf(claim.Node), claim, knownRevocations, account);

    public bool Join(MemberBeat beat)
    {
        _members[beat.Node] = new MemberRow { Node = beat.Node, Beat = beat, Beats = (_members.GetValueOrDefault(beat.Node)?.Beats ?? 0) + 1 };
        return true;
    }

    public IReadOnlyList<MemberRow> Beat(MemberBeat beat, long skewMs)
    {
        if (_members.TryGetValue(beat.Node, out var mine) && mine.Beat?.Mark == beat.Mark)
            _members[beat.Node] = mine with { Beat = beat, Beats = mine.Beats + 1, ClockSkewMs = skewMs };
        return [.. _members.Keys.Union(_nodes.Keys).Order(StringComparer.Ordinal).Select(name =>
        {
            var row = _members.GetValueOrDefault(name) ?? new MemberRow { Node = name };
            return _nodes.TryGetValue(name, out var node) ? row with { Standing = node.Standing, Incarnation = node.Incarnation } : row;
        })];
    }

    public bool Leave(MemberBeat beat) => _members.TryGetValue(beat.Node, out var row) && row.Beat?.Mark == beat.Mark && _members.Remove(beat.Node);

    public bool Drain(string node, bool isDraining)
    {
        if (!_members.TryGetValue(node, out var row)) return false;
        _members[node] = row with { IsDraining = isDraining };
        return true;
    }

    /// <summary>True if the node is to give its accounts away.</summary>
    public bool IsDraining(string node) => _members.TryGetValue(node, out var row) && row.IsDraining;

    /// <summary>Gives an account to another node.</summary>
    public static void Give(HeadRow head, int node)
    {
        head.Node = node;
        head.Epoch++;
    }

    /// <summary>The database's machine loses power: what it had told as durable must still be there.</summary>
    public void Crash()
    {
        if (rules.LostInCrash == 0) return;
        foreach (var row in _nodes.Values)
        {
            while (_batches.TryGetValue(row.Tip, out var last) && world.Now - _storedAt[row.Tip] < rules.LostInCrash)
            {
                _batches.Remove(row.Tip);
                _storedAt.Remove(row.Tip);
                row.Tip--;
                row.TipHash = _batches.TryGetValue(row.Tip, out var before) ? before.Hash.ToArray() : new byte[32];
                row.TipFirstAtMs = before?.FirstAtMs ?? 0;
                check.Lost(last);
            }
        }
    }
}
