using Enforcer.Cluster;
using Enforcer.Journal;

namespace Enforcer.Simulation.Storage;

/// <summary>A node's row, which fences it, and the end of its stream.</summary>
internal sealed class NodeRow(int node, string name)
{
    public int Node { get; } = node;

    public string Name { get; } = name;

    /// <summary>The mark of the latest opening or replacement.</summary>
    public long Session { get; set; }

    public NodeStanding Standing { get; set; } = NodeStanding.Living;

    public long Incarnation { get; set; }

    public long Revocations { get; set; }

    public long Tip { get; set; } = BatchNumber.OriginOf(node);

    public byte[] TipHash { get; set; } = new byte[32];

    public long TipFirstAtMs { get; set; }

    public long CoveredThrough { get; set; } = BatchNumber.OriginOf(node);

    /// <summary>Which accounts were taken from it, by the count of revocations that took them.</summary>
    public List<(long Revocation, long Account)> Taken { get; } = [];
}
