using Enforcer.Journal;
using Microsoft.Extensions.Logging;

namespace Enforcer.Cluster;

/// <summary>The links to all peers, one each; they are made when they are needed, and after a failure not at once again.</summary>
internal sealed class PeerLinks(Membership membership, IPeerNetwork network, ClusterOptions options, TimeProvider clock, WorkPool work, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _links = [];
    private bool _isClosed;

    /// <summary>The link to a node that serves; null if it does not, or has just failed.</summary>
    public PeerLink? Find(string node)
    {
        lock (_gate)
        {
            if (_links.TryGetValue(node, out var entry) && !entry.Link.IsClosed) return entry.Link;
            var now = clock.GetTimestamp();
            if (_isClosed || (entry is not null && clock.GetElapsedTime(entry.MadeAt, now) < Pause)) return null;
            if (membership.View.Find(node) is not { IsServing: true } view) return null;
            var link = new PeerLink(node, view.Row.Beat!.Address!, network, options, clock, work, log);
            _links[node] = new Entry(link, view.Row.Beat.Mark, now);
            return link;
        }
    }

    /// <summary>Breaks the links to nodes that are dead, or are not the process they were; ends what has waited too long.</summary>
    public void Tick(long now)
    {
        Entry[] entries;
        lock (_gate) entries = [.. _links.Values];
        var view = membership.View;
        foreach (var (link, mark, _) in entries)
        {
            var node = view.Find(link.Node);
            if (node is not { IsServing: true } || node.Row.Beat!.Mark != mark) link.Close("the node is gone");
            else link.Tick(now);
        }
    }

    /// <summary>Breaks all links; there will be no others.</summary>
    public void Close()
    {
        Entry[] entries;
        lock (_gate)
        {
            _isClosed = true;
            entries = [.. _links.Values];
        }
        foreach (var entry in entries) entry.Link.Close("this node is stopping");
    }

    private sealed record Entry(PeerLink Link, Guid Mark, long MadeAt);
}
