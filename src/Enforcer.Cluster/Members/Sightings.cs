namespace Enforcer.Cluster;

/// <summary>When each node's heartbeat was last seen to move, by this node's clock. Not safe for concurrent use.</summary>
internal sealed class Sightings(ClusterOptions options, TimeProvider clock)
{
    private readonly Dictionary<string, Sighting> _nodes = [];
    private long _lookedAt;

    /// <summary>What the registry says now, and who of them lives.</summary>
    public IReadOnlyList<ClusterNodeView> Look(IReadOnlyList<MemberRow> rows)
    {
        var now = clock.GetTimestamp();
        SkipUnseen(now);
        _lookedAt = now;
        var seen = new List<ClusterNodeView>(rows.Count);
        foreach (var row in rows.OrderBy(row => row.Node, StringComparer.Ordinal)) seen.Add(new ClusterNodeView(row, IsLiving(row, now)));
        return seen;
    }

    /// <summary>True if the node has certainly been silent for as long as a dead one.</summary>
    private bool IsLiving(MemberRow row, long now)
    {
        var mark = row.Beat?.Mark ?? Guid.Empty;
        if (!_nodes.TryGetValue(row.Node, out var last) || last.Beats != row.Beats || last.Mark != mark)
            _nodes[row.Node] = last = new Sighting(mark, row.Beats, now);
        return clock.GetElapsedTime(last.At, now) < options.DeadAfter;
    }

    /// <summary>
    /// Whoever did not look cannot say that nothing moved. A look that comes late counts for one beat, not for the time before it; were the silence forgotten
    /// instead, a machine that is late again and again would never find out that a node is dead. After a gap in which a dead node would have been replaced
    /// all begins anew: this node was frozen, or nobody could beat.
    /// </summary>
    private void SkipUnseen(long now)
    {
        if (_nodes.Count == 0) return;
        var gap = clock.GetElapsedTime(_lookedAt, now);
        if (gap <= options.Beat * 3) return;
        var unseen = ClockWaits.TicksOf(clock, gap - options.Beat);
        foreach (var (node, last) in _nodes.ToArray()) _nodes[node] = last with { At = gap < options.DeadAfter ? last.At + unseen : now };
    }

    private readonly record struct Sighting(Guid Mark, long Beats, long At);
}
