using Enforcer.Cluster;
using Enforcer.Journal;
using Enforcer.Storage.Postgres;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Enforcer.Orleans;

/// <summary>
/// Replaces nodes whose silos the cluster has voted dead, so that their accounts can be claimed. A node tells its silo's name as its owner in the journal:
/// one that has come back under the same name is another silo, and is left alone.
/// </summary>
/// <remarks>A silo that is wrongly taken for dead loses nothing: from now on the journal's fence refuses what it appends.</remarks>
internal sealed class DeadNodes : ISiloStatusListener, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly Rounds<string, Replacements> _rounds;
    private readonly PostgresOwnership _ownership;
    private readonly ISiloStatusOracle _silos;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();

    public DeadNodes(PostgresOwnership ownership, ISiloStatusOracle silos, TimeProvider clock, ILogger<DeadNodes> log)
    {
        (_ownership, _silos, _clock, _log) = (ownership, silos, clock, log);
        _rounds = new Rounds<string, Replacements>(_ => ReplaceAllAsync());
    }

    /// <summary>Begins to watch, and replaces what died before.</summary>
    public void Start()
    {
        _silos.SubscribeToSiloStatusEvents(this);
        _ = Task.Run(UntilAllAreAsync);
    }

    /// <summary>Watches no longer.</summary>
    public void Stop()
    {
        _silos.UnSubscribeFromSiloStatusEvents(this);
        _stopping.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    /// <inheritdoc/>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status == SiloStatus.Dead) _ = Task.Run(UntilAllAreAsync);
    }

    /// <summary>Replaces a node if its silo is dead; false if it is not, or has come back.</summary>
    /// <exception cref="JournalUnavailableException">The database does not answer.</exception>
    public async Task<bool> ReplaceAsync(string node, CancellationToken cancel) =>
        (await _rounds.JoinAsync(node).WaitAsync(cancel).ConfigureAwait(false)).Nodes.Contains(node);

    private async Task<Replacements> ReplaceAllAsync()
    {
        var (replaced, areAll) = (new HashSet<string>(), true);
        foreach (var info in await _ownership.ReadNodesAsync(_stopping.Token).ConfigureAwait(false))
        {
            if (info.State == NodeState.Replaced || (info.State == NodeState.Living && !IsDead(info.Owner))) continue;
            if (await _ownership.TakeOverAsync(info.Node, info.Incarnation, _stopping.Token).ConfigureAwait(false))
            {
                replaced.Add(info.Node);
                OrleansLog.HasReplaced(_log, info.Node);
            }
            else
            {
                // One whose connection was made anew in between is still dead: it is tried again.
                areAll = false;
            }
        }
        return new Replacements(replaced, areAll);
    }

    private async Task UntilAllAreAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if ((await _rounds.JoinAsync("").ConfigureAwait(false)).AreAll) return;
            }
            catch (Exception failure) when (failure is JournalUnavailableException or JournalCorruptException)
            {
                OrleansLog.NotReplaced(_log, failure.Message);
                await ClockWaits.TryAsync(_clock, Pause, _stopping.Token).ConfigureAwait(false);
            }
            catch (Exception end) when (end is OperationCanceledException or JournalFencedException)
            {
                return;
            }
        }
    }

    private bool IsDead(string owner)
    {
        var isDead = false;
        foreach (var (silo, status) in _silos.GetApproximateSiloStatuses())
        {
            if (!_silos.TryGetSiloName(silo, out var name) || name != owner) continue;
            if (status != SiloStatus.Dead) return false;
            isDead = true;
        }
        return isDead;
    }

    /// <summary>What came of a look at all nodes: those that were replaced, and whether all were that had to be.</summary>
    private sealed record Replacements(IReadOnlySet<string> Nodes, bool AreAll);
}
