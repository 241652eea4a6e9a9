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
        // Whoever did not look cannot say that nothing moved.
        if (_nodes.Count > 0 && clock.GetElapsedTime(_lookedAt, now) > options.Beat * 3) StartAgain(now);
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

    private void StartAgain(long now)
    {
        foreach (var (node, last) in _nodes.ToArray()) _nodes[node] = last with { At = now };
    }

    private readonly record struct Sighting(Guid Mark, long Beats, long At);
}
