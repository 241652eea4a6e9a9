using Enforcer.Cluster;
using Enforcer.Journal;
using Enforcer.Journal.Reading;

namespace Enforcer.Simulation.Storage;

/// <summary>How accounts come from one node to another: the transactions of decision 8, each at one moment.</summary>
internal static class Handovers
{
    /// <summary>The first step of replacing a dead node. Null if it has come back.</summary>
    public static NodeRow? Fence(SimDatabase database, Claim mine, string name, long incarnation)
    {
        RequireLiving(database, mine);
        if (database.Find(name) is not { } row || row.Node == mine.Node) return null;
        if (row.Standing == NodeStanding.Living && row.Incarnation == incarnation)
        {
            if (database.Rules.RaisesAtTakeover)
            {
                row.Session = -row.Session;
                row.Incarnation++;
            }
            row.Standing = NodeStanding.BeingReplaced;
        }
        return row.Standing == NodeStanding.Living ? null : row;
    }

    /// <summary>The second: heads get to know where the accounts end; then they may be claimed. False if the node has come back.</summary>
    public static bool Complete(SimDatabase database, NodeRow row, long incarnation, TailScan scan)
    {
        if (row.Standing == NodeStanding.Living || row.Incarnation != incarnation) return false;
        if (row.Standing == NodeStanding.Replaced) return true;
        foreach (var tail in scan.Tails.Values.OrderBy(static tail => tail.Account))
        {
            if (database.Rules.CompletesAtTakeover && database.ReadHead(tail.Account) is { } head && head.Node == row.Node && head.End.Seq < tail.Seq) head.End = tail;
        }
        row.CoveredThrough = Math.Max(row.CoveredThrough, row.Tip);
        row.Standing = NodeStanding.Replaced;
        return true;
    }

    /// <summary>Takes accounts from a node that lives; what its heads do not contain has been read up to a moment ago, the rest is read here.</summary>
    public static List<TakenAccount> Take(SimDatabase database, Claim mine, NodeRow from, IReadOnlyCollection<long> wanted, TailScan scan, long? revocations)
    {
        RequireLiving(database, mine);
        if (from.Standing != NodeStanding.Living || (revocations is not null && from.Revocations != revocations)) return [];
        if (database.Rules.ReadsOnWhileHeld)
        {
            foreach (var batch in database.ReadBatches(scan.Through + 1, from.Tip, int.MaxValue)) scan.Add(batch);
        }
        var taken = new List<TakenAccount>();
        foreach (var account in wanted)
        {
            if (database.ReadHead(account) is not { } head || head.Node != from.Node) continue;
            if (scan.Tails.TryGetValue(account, out var tail) && tail.Seq > head.End.Seq) head.End = tail;
            SimDatabase.Give(head, mine.Node);
            taken.Add(new TakenAccount(account, head.Epoch));
        }
        if (taken.Count == 0 || !database.Rules.RaisesAtTaking) return taken;
        from.Revocations++;
        foreach (var (account, _) in taken) from.Taken.Add((from.Revocations, account));
        return taken;
    }

    /// <summary>The batch up to which the heads of some accounts are complete, as the journal knows or their owner says: from there their ends are looked for.</summary>
    public static TailScan BeginScan(SimDatabase database, NodeRow row, IReadOnlyCollection<long>? wanted, long coveredThrough)
    {
        var after = row.CoveredThrough;
        foreach (var account in wanted ?? [])
        {
            if (database.ReadHead(account)?.End is { } end && end.LastBatch > row.CoveredThrough && end.LastBatch <= row.Tip) after = Math.Min(after, end.LastBatch - 1);
        }
        after = Math.Max(after, Math.Min(coveredThrough, row.Tip));
        var hash = after == BatchNumber.OriginOf(after) ? new byte[32] : database.ReadBatch(after)!.Hash;
        return new TailScan(after, hash, wanted);
    }

    private static void RequireLiving(SimDatabase database, Claim mine)
    {
        if (database.NodeOf(mine.Node).Session != mine.Session) throw SimJournalStore.Fenced();
    }
}
