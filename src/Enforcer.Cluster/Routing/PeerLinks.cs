using Enforcer.Journal;
using Microsoft.Extensions.Logging;

namespace Enforcer.Cluster;

/// <summary>
/// The links to all peers, one each; they are made when they are needed, and after a failure not at once again. Those that cannot be reached although they
/// live are tried in the background, so that nobody waits for them.
/// </summary>
internal sealed class PeerLinks(Membership membership, IPeerNetwork network, ClusterOptions options, TimeProvider clock, WorkPool work, ILogger log)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, PeerPath> _paths = [];
    private volatile string[] _cutOff = [];
    private long _frames;
    private bool _isClosed;

    /// <summary>The nodes that live and cannot be reached from here: what is for them need not wait.</summary>
    public IReadOnlyList<string> CutOff => _cutOff;

    /// <summary>Frames of requests that were sent to other nodes.</summary>
    public long Frames => Interlocked.Read(ref _frames);

    /// <summary>True if the node lives and cannot be reached from here.</summary>
    public bool IsCutOff(string node) => Array.IndexOf(_cutOff, node) >= 0;

    /// <summary>The link to a node that serves; null if it does not, is cut off, or has just failed.</summary>
    public PeerLink? Find(string node)
    {
        lock (_gate)
        {
            if (_paths.TryGetValue(node, out var path) && path.Link is { IsClosed: false } link) return path.IsCutOff ? null : link;
            var now = clock.GetTimestamp();
            if (path is null) _paths[node] = path = new PeerPath(membership.Node, node);
            path.Look(membership.View, now);
            return path.IsCutOff ? null : TryConnect(path, now);
        }
    }

    /// <summary>
    /// Breaks the links to nodes that are dead, or are not the process they were; ends what has waited too long; tries those again that are cut off.
    /// </summary>
    public void Tick(long now)
    {
        PeerLink[] open;
        var view = membership.View;
        lock (_gate)
        {
            foreach (var path in _paths.Values) Look(path, view, now);
            var cutOff = _paths.Values.Where(static path => path.IsCutOff).Select(static path => path.Node).Order(StringComparer.Ordinal).ToArray();
            if (!cutOff.AsSpan().SequenceEqual(_cutOff)) Tell(cutOff);
            open = [.. _paths.Values.Select(static path => path.Link).OfType<PeerLink>().Where(static link => !link.IsClosed)];
        }
        foreach (var link in open)
        {
            if (view.Find(link.Node) is not { IsServing: true } node || node.Row.Beat!.Mark != link.Mark) link.Close("the node is gone");
            else link.Tick(now);
        }
    }

    /// <summary>Breaks all links; there will be no others.</summary>
    public void Close()
    {
        PeerLink?[] links;
        lock (_gate)
        {
            _isClosed = true;
            links = [.. _paths.Values.Select(static path => path.Link)];
        }
        foreach (var link in links) link?.Close("this node is stopping");
    }

    private void Look(PeerPath path, ClusterView view, long now)
    {
        path.Look(view, now);
        if (path.IsCutOff && path.Link is { IsClosed: true }) TryConnect(path, now)?.Open();
    }

    private PeerLink? TryConnect(PeerPath path, long now)
    {
        if (_isClosed || !path.MayConnect(clock, now)) return null;
        if (membership.View.Find(path.Node) is not { IsServing: true } node) return null;
        var address = node.Row.Beat!.Address!;
        var link = new PeerLink(
            path.Node, node.Row.Beat.Mark, () => network.ConnectAsync(path.Node, address, CancellationToken.None), options.MostSilence, clock, work, log,
            () => Interlocked.Increment(ref _frames));
        path.Use(link);
        return link;
    }

    private void Tell(string[] cutOff)
    {
        foreach (var node in cutOff.Except(_cutOff)) ClusterLog.CutOff(log, node, _paths[node].Link!.Problem);
        _cutOff = cutOff;
    }
}
