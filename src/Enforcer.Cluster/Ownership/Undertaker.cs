using Enforcer.Journal;
using Microsoft.Extensions.Logging;

namespace Enforcer.Cluster;

/// <summary>
/// Replaces nodes whose heartbeats have stopped. One node after the other tries, the first at once, so that usually only one does the work; it does no
/// harm when several do.
/// </summary>
internal sealed class Undertaker(Membership membership, IOwnership ownership, ClusterOptions options, TimeProvider clock, WorkPool work, ILogger log)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _deadSince = [];
    private readonly HashSet<string> _underWay = [];

    /// <summary>Looks whether somebody is to be replaced, and begins that.</summary>
    public void Look(ClusterView view, CancellationToken stopping)
    {
        var now = clock.GetTimestamp();
        var patience = options.Beat * RankIn(view);
        lock (_gate)
        {
            foreach (var node in view.Nodes)
            {
                var isDead = !node.IsLiving && node.Node != membership.Node && node.Row.Standing is NodeStanding.Living or NodeStanding.BeingReplaced;
                if (!isDead)
                {
                    _deadSince.Remove(node.Node);
                    continue;
                }
                if (_deadSince.TryAdd(node.Node, now)) ClusterLog.Replacing(log, node.Node);
                if (clock.GetElapsedTime(_deadSince[node.Node], now) < patience || !_underWay.Add(node.Node)) continue;
                var (name, incarnation) = (node.Node, node.Row.Incarnation);
                work.Queue(() => _ = ReplaceAsync(name, incarnation, stopping));
            }
        }
    }

    /// <summary>How many living nodes come first.</summary>
    private int RankIn(ClusterView view) =>
        view.Nodes.Count(node => node.IsServing && string.CompareOrdinal(node.Node, membership.Node) < 0);

    private async Task ReplaceAsync(string node, long incarnation, CancellationToken stopping)
    {
        try
        {
            if (await ownership.TakeOverAsync(node, incarnation, stopping).ConfigureAwait(false)) ClusterLog.HasReplaced(log, node);
        }
        catch (Exception error) when (error is JournalUnavailableException or JournalCorruptException or JournalFencedException or OperationCanceledException)
        {
            ClusterLog.NotReplaced(log, node, error.Message);
        }
        finally
        {
            lock (_gate) _underWay.Remove(node);
        }
    }
}
