using System.Collections.Concurrent;
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
internal sealed class DeadNodes(PostgresOwnership ownership, ISiloStatusOracle silos, TimeProvider clock, ILogger<DeadNodes> log)
    : ISiloStatusListener, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly ConcurrentDictionary<string, Lazy<Task<bool>>> _underWay = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Begins to watch, and replaces what died before.</summary>
    public void Start()
    {
        silos.SubscribeToSiloStatusEvents(this);
        _ = Task.Run(ReplaceAllAsync);
    }

    /// <summary>Watches no longer.</summary>
    public void Stop()
    {
        silos.UnSubscribeFromSiloStatusEvents(this);
        _stopping.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    /// <inheritdoc/>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status == SiloStatus.Dead) _ = Task.Run(ReplaceAllAsync);
    }

    /// <summary>Replaces a node if its silo is dead; false if it is not, or has come back. Those who ask at the same time share the work.</summary>
    /// <exception cref="JournalUnavailableException">The database does not answer.</exception>
    public async Task<bool> ReplaceAsync(string node, CancellationToken cancel)
    {
        var one = _underWay.GetOrAdd(node, name => new Lazy<Task<bool>>(() => ReplaceOnceAsync(name)));
        return await one.Value.WaitAsync(cancel).ConfigureAwait(false);
    }

    private async Task<bool> ReplaceOnceAsync(string node)
    {
        try
        {
            await Task.Yield();
            foreach (var info in await ownership.ReadNodesAsync(_stopping.Token).ConfigureAwait(false))
            {
                if (info.Node != node || !(info.State == NodeState.Living ? IsDead(info.Owner) : info.State != NodeState.Replaced)) continue;
                var isReplaced = await ownership.TakeOverAsync(node, info.Incarnation, _stopping.Token).ConfigureAwait(false);
                if (isReplaced) OrleansLog.HasReplaced(log, node);
                return isReplaced;
            }
            return false;
        }
        finally
        {
            _underWay.TryRemove(node, out _);
        }
    }

    private async Task ReplaceAllAsync()
    {
        for (var isDone = false; !isDone && !_stopping.IsCancellationRequested;)
        {
            try
            {
                isDone = true;
                foreach (var info in await ownership.ReadNodesAsync(_stopping.Token).ConfigureAwait(false))
                {
                    // One whose connection was made anew in between is still dead: it is tried again.
                    if (info.State == NodeState.Living && IsDead(info.Owner)) isDone &= await ReplaceAsync(info.Node, _stopping.Token).ConfigureAwait(false);
                }
            }
            catch (Exception failure) when (failure is JournalUnavailableException or JournalCorruptException)
            {
                OrleansLog.NotReplaced(log, failure.Message);
                await Task.Delay(Pause, clock, CancellationToken.None).ConfigureAwait(false);
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
        foreach (var (silo, status) in silos.GetApproximateSiloStatuses())
        {
            if (!silos.TryGetSiloName(silo, out var name) || name != owner) continue;
            if (status != SiloStatus.Dead) return false;
            isDead = true;
        }
        return isDead;
    }
}
