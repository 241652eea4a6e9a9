namespace Enforcer.Cluster;

/// <summary>
/// All nodes as this one sees them at a moment, and where accounts that nobody owns are to go: of all nodes that serve and do not drain, the one that
/// scores highest for the account. So accounts are spread evenly without anybody keeping count, and when nodes come or go only the accounts move that
/// must. It is advice: who owns an account is written in its head.
/// </summary>
public sealed class ClusterView
{
    private readonly (string Node, ulong Hash)[] _places;

    /// <summary>A view of these nodes.</summary>
    public ClusterView(IReadOnlyList<ClusterNodeView> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        Nodes = nodes;
        _places = [.. nodes.Where(node => node.IsServing && !node.Row.IsDraining).Select(node => (node.Node, HashOf(node.Node))).OrderBy(place => place.Node, StringComparer.Ordinal)];
        Places = string.Join(' ', _places.Select(place => place.Node));
    }

    /// <summary>No nodes.</summary>
    public static ClusterView Empty { get; } = new([]);

    /// <summary>All of them.</summary>
    public IReadOnlyList<ClusterNodeView> Nodes { get; }

    /// <summary>The names of the nodes that accounts are placed on; as long as this is the same, so is where each belongs.</summary>
    public string Places { get; }

    /// <summary>A node by its name; null if nobody knows it.</summary>
    public ClusterNodeView? Find(string node)
    {
        foreach (var one in Nodes)
        {
            if (one.Node == node) return one;
        }
        return null;
    }

    /// <summary>Where an account belongs; null if no node takes any.</summary>
    public string? PlaceOf(long account)
    {
        string? best = null;
        var most = 0ul;
        foreach (var (node, hash) in _places)
        {
            var score = Mix(hash ^ unchecked((ulong)account * 0x9E37_79B9_7F4A_7C15));
            if (best is not null && score <= most) continue;
            (best, most) = (node, score);
        }
        return best;
    }

    /// <summary>A number for a name, the same in every process.</summary>
    internal static ulong HashOf(string node)
    {
        var hash = 0xCBF2_9CE4_8422_2325;
        foreach (var c in node) hash = unchecked((hash ^ c) * 0x0000_0100_0000_01B3);
        return Mix(hash);
    }

    /// <summary>Spreads a number over all numbers.</summary>
    internal static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
            value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
            return value ^ (value >> 31);
        }
    }
}
