using Enforcer.Journal;
using Microsoft.Extensions.Logging;

namespace Enforcer.Cluster;

/// <summary>
/// Brings accounts to where they belong (<see cref="ClusterView.PlaceOf"/>): claims this node's share of what replaced nodes have left, so that what is due
/// there ends by time, and hands over what belongs to others, because they joined or this node drains.
/// </summary>
internal sealed class Balancer(Membership membership, IOwnership ownership, Handover handover, ClusterOptions options, TimeProvider clock, ILogger log)
{
    private const int PageAccounts = 4_096;
    private readonly HashSet<(string Node, long Incarnation, string Places)> _inherited = [];
    private volatile string _balancedFor = "";
    private string _placesSeen = "";
    private long _placesSince;
    private long _balancedSince;

    /// <summary>True once this node owns nothing that belongs elsewhere, as far as it has looked since nodes changed.</summary>
    public bool IsBalanced => _balancedFor == Signature(membership.View);

    /// <summary>Goes on until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        do
        {
            try
            {
                var view = membership.View;
                await InheritAsync(view, stopping).ConfigureAwait(false);
                if (IsDue(view)) await MoveAsync(view, stopping).ConfigureAwait(false);
            }
            catch (Exception error) when (error is JournalUnavailableException or JournalLostException or JournalFencedException or JournalCorruptException or OperationCanceledException)
            {
                if (stopping.IsCancellationRequested) return;
                ClusterLog.BalancingFailed(log, error.Message);
            }
        }
        while (await ClockWaits.TryAsync(clock, options.Beat, stopping).ConfigureAwait(false));
    }

    private async Task InheritAsync(ClusterView view, CancellationToken stopping)
    {
        foreach (var node in view.Nodes)
        {
            var work = (node.Node, node.Row.Incarnation, view.Places);
            if (node.Row.Standing != NodeStanding.Replaced || _inherited.Contains(work)) continue;
            var count = 0L;
            await foreach (var page in PagesAsync(node.Node, stopping).ConfigureAwait(false))
            {
                var mine = page.Where(account => view.PlaceOf(account) == membership.Node).ToList();
                count += mine.Count;
                if (mine.Count > 0) await ownership.InheritAsync(node.Node, mine, stopping).ConfigureAwait(false);
            }
            _inherited.Add(work);
            if (count > 0) ClusterLog.Inherited(log, count, node.Node);
        }
    }

    /// <summary>Accounts move when nodes have been the same for a while; a node that drains does not wait.</summary>
    private bool IsDue(ClusterView view)
    {
        var now = clock.GetTimestamp();
        var signature = Signature(view);
        // Also where it is soon as it was: accounts went elsewhere meanwhile.
        if (signature != _placesSeen) (_placesSeen, _placesSince, _balancedFor) = (signature, now, "");
        if (view.Places.Length == 0) return false;
        // A node that drains looks again: those who have not heard of it yet may have brought it accounts since.
        if (view.Find(membership.Node) is { Row.IsDraining: true })
            return signature != _balancedFor || clock.GetElapsedTime(_balancedSince, now) >= options.Settle;
        return signature != _balancedFor && clock.GetElapsedTime(_placesSince, now) >= options.Settle;
    }

    private async Task MoveAsync(ClusterView view, CancellationToken stopping)
    {
        long moved = 0, left = 0;
        await foreach (var page in PagesAsync(membership.Node, stopping).ConfigureAwait(false))
        {
            foreach (var target in page.GroupBy(view.PlaceOf).Where(group => group.Key is not null && group.Key != membership.Node))
            {
                foreach (var some in target.Chunk(options.AccountsPerMove))
                {
                    if (!handover.CanReach(target.Key!))
                    {
                        left += some.Length;
                        continue;
                    }
                    // Where nodes have changed since, so may have where these belong.
                    if (Signature(membership.View) != Signature(view)) return;
                    var count = await handover.MoveAsync(some, target.Key!, stopping).ConfigureAwait(false);
                    (moved, left) = (moved + count, left + some.Length - count);
                }
            }
        }
        if (moved > 0) ClusterLog.HandedOver(log, moved);
        // What was busy comes in the next round; where nothing could go, that is not at once.
        if (left == 0) (_balancedFor, _balancedSince) = (Signature(view), clock.GetTimestamp());
        else if (moved == 0) _placesSince = clock.GetTimestamp();
    }

    private async IAsyncEnumerable<IReadOnlyList<long>> PagesAsync(string node, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stopping)
    {
        for (var after = 0L; ;)
        {
            var page = await ownership.ListAsync(node, after, PageAccounts, stopping).ConfigureAwait(false);
            if (page.Count > 0) yield return page;
            if (page.Count < PageAccounts) yield break;
            after = page[^1];
        }
    }

    private static string Signature(ClusterView view) => view.Places;
}
