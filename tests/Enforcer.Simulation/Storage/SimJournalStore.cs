using System.Runtime.CompilerServices;
using Enforcer.Cluster;
using Enforcer.Journal;
using Enforcer.Journal.Reading;
using Enforcer.Simulation.Kernel;

namespace Enforcer.Simulation.Storage;

/// <summary>
/// A process's store over the simulated database. It does, statement by statement, what the PostgreSQL store does (decision 8): one connection appends, each
/// new one raises the incarnation, refused appends ask why.
/// </summary>
internal sealed class SimJournalStore(string name, SimDatabase database, DatabaseLink link, Machine machine) : IJournalStore
{
    private const int AtOnce = 64;
    private Claim? _claim;
    private long? _incarnation;
    private long _revocations;

    public Claim Claim => _claim ?? throw new InvalidOperationException("The store is not open.");

    /// <summary>True if another process has replaced this one, whether it knows or not.</summary>
    public bool IsReplaced => _claim is not null && database.NodeOf(_claim.Node).Session != _claim.Session;

    public async Task<JournalTip> OpenAsync(string owner, CancellationToken cancellation)
    {
        _claim = await link.ReadAsync("open", () => database.Open(name), cancellation).ConfigureAwait(false);
        _revocations = _claim.Revocations;
        return await ReadTipAsync(cancellation).ConfigureAwait(false);
    }

    public async Task<JournalTip> ReadTipAsync(CancellationToken cancellation)
    {
        try
        {
            await ConnectAsync(cancellation).ConfigureAwait(false);
            return await link.AskAsync("tip", () => database.ReadTip(Claim), cancellation).ConfigureAwait(false) ?? throw Fenced();
        }
        catch (LinkLostException lost)
        {
            _incarnation = null;
            throw new JournalUnavailableException(lost.Message, lost);
        }
    }

    public async ValueTask<AppendResult> AppendAsync(SealedBatch batch)
    {
        // The batch's memory is its own again when this completes, but a statement may still be under way then.
        var stored = new StoredBatch(batch.Number, batch.FirstAtMs, batch.Entries, batch.Hash.ToArray(), batch.Payload.ToArray());
        var previous = batch.PreviousHash.ToArray();
        var mayBeWritten = false;
        try
        {
            await ConnectAsync(default).ConfigureAwait(false);
            if (database.IsFull) return AppendResult.Full(new JournalUnavailableException("The disk is full."));
            while (true)
            {
                var append = new Append(Claim.Node, _incarnation!.Value, _revocations, stored, previous);
                mayBeWritten = true;
                if (await link.AskAsync("append", () => database.TryAppend(append)).ConfigureAwait(false)) return AppendResult.Appended;
                mayBeWritten = false;
                if (await RefusedAsync(append).ConfigureAwait(false) is { } refused) return refused;
            }
        }
        catch (JournalFencedException fenced)
        {
            return AppendResult.Fenced(fenced);
        }
        catch (LinkLostException lost)
        {
            _incarnation = null;
            if (!mayBeWritten) return AppendResult.Full(lost);
            return lost.MayHaveHappened ? AppendResult.Unknown(lost) : database.Rules.OfLostRequest(lost);
        }
    }

    public async ValueTask<StoredBatch?> ReadBatchAsync(long number, CancellationToken cancellation) =>
        await link.ReadAsync("read batch", () => database.ReadBatch(number), cancellation).ConfigureAwait(false);

    public async IAsyncEnumerable<StoredBatch> ReadBatchesAsync(long from, long through, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var origin = BatchNumber.OriginOf(Claim.Node);
        (from, through) = (Math.Max(from, origin + 1), Math.Min(through, BatchNumber.EndOf(origin)));
        while (from <= through)
        {
            var first = from;
            var some = await link.ReadAsync("read batches", () => database.ReadBatches(first, through, AtOnce), cancellation).ConfigureAwait(false);
            foreach (var batch in some) yield return batch;
            if (some.Count < AtOnce) yield break;
            from = some[^1].Number + 1;
        }
    }

    public async ValueTask<long> FindBatchBeforeAsync(long atMs, CancellationToken cancellation) =>
        await link.ReadAsync("find batch", () => database.FindBatchBefore(BatchNumber.OriginOf(Claim.Node), atMs), cancellation).ConfigureAwait(false);

    public async ValueTask<AccountHead?> ReadHeadAsync(long account, CancellationToken cancellation) =>
        await link.ReadAsync("read head", () => database.ReadHead(account)?.ToHead(), cancellation).ConfigureAwait(false);

    public async ValueTask<AccountHead?> ClaimHeadAsync(long account, CancellationToken cancellation)
    {
        var (head, owner, epoch) = await link.ReadAsync("claim", () => database.ClaimHead(account, Claim), cancellation).ConfigureAwait(false);
        if (head is not null) return head;
        throw owner is null ? Fenced() : new JournalElsewhereException($"Account {account} belongs to node {owner.Name}.") { Node = owner.Name, Epoch = epoch };
    }

    public async IAsyncEnumerable<AccountHead> ReadHeadsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var heads = await link.ReadAsync("read heads", () => database.Heads.Select(static head => head.ToHead()).ToList(), cancellation).ConfigureAwait(false);
        foreach (var head in heads) yield return head;
    }

    public async Task WriteHeadsAsync(IReadOnlyList<AccountHead> heads, long coveredThrough, CancellationToken cancellation)
    {
        if (database.IsFull) throw new JournalUnavailableException("The disk is full.");
        var written = heads.ToArray();
        if (!await link.ReadAsync("write heads", () => database.WriteHeads(Claim, written, coveredThrough), cancellation).ConfigureAwait(false)) throw Fenced();
    }

    public async ValueTask<IReadOnlyList<DueAccount>> ReadDueAsync(long atMs, int limit, CancellationToken cancellation) =>
        await link.ReadAsync("read due", () => database.ReadDue(Claim.Node, atMs, limit), cancellation).ConfigureAwait(false);

    /// <summary>How many takings this process knows of.</summary>
    public long KnownRevocations => _revocations;

    /// <summary>True if what this process had of an account in memory, when it knew of so many takings, may be told.</summary>
    public Task<bool> IsCurrentAsync(long account, long known) => link.ReadAsync("is current", () => database.IsCurrent(Claim, known, account));

    /// <summary>Takes accounts from a node that lives.</summary>
    /// <param name="node">The node.</param>
    /// <param name="accounts">The accounts.</param>
    /// <param name="revocations">Only if it has lost so many times before; null: in any case.</param>
    /// <param name="coveredThrough">Up to this batch the accounts' heads are complete, as the node says.</param>
    public async Task<IReadOnlyList<TakenAccount>> TakeAsync(string node, IReadOnlyCollection<long> accounts, long? revocations = null, long coveredThrough = 0)
    {
        var (row, scan) = await BeginAsync(node, accounts, coveredThrough).ConfigureAwait(false);
        return row is null ? [] : await link.ReadAsync("take", () => Handovers.Take(database, Claim, row, accounts, scan!, revocations)).ConfigureAwait(false);
    }

    /// <summary>Replaces a dead node.</summary>
    public async Task<bool> TakeOverAsync(string node, long incarnation)
    {
        var row = await link.ReadAsync("fence", () => Handovers.Fence(database, Claim, node, incarnation)).ConfigureAwait(false);
        if (row is null) return false;
        var fenced = row.Incarnation;
        var (_, scan) = await BeginAsync(node, null, coveredThrough: 0).ConfigureAwait(false);
        return await link.ReadAsync("complete", () => Handovers.Complete(database, row, fenced, scan!)).ConfigureAwait(false);
    }

    /// <summary>These accounts were let go: the next append need not find out. If others were taken as well, it does.</summary>
    public async Task AcknowledgeAsync(IReadOnlyCollection<long> accounts, CancellationToken cancel)
    {
        var known = _revocations;
        var (now, taken) = await link.ReadAsync(
            "acknowledge", () => (database.NodeOf(Claim.Node).Revocations, SimDatabase.ReadTaken(database.NodeOf(Claim.Node), known)), cancel).ConfigureAwait(false);
        if (_revocations == known && taken.TrueForAll(accounts.Contains)) _revocations = now;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal static JournalFencedException Fenced() => new("This node was replaced.");

    private async Task<(NodeRow? Row, TailScan? Scan)> BeginAsync(string node, IReadOnlyCollection<long>? accounts, long coveredThrough)
    {
        var (row, scan) = await link.ReadAsync(
            "begin scan", () => database.Find(node) is { } found ? (found, Handovers.BeginScan(database, found, accounts, coveredThrough)) : default).ConfigureAwait(false);
        if (row is null) return default;
        while (await link.ReadAsync("scan", () => database.ReadBatches(scan.Through + 1, row.Tip, AtOnce)).ConfigureAwait(false) is { Count: > 0 } some)
        {
            foreach (var batch in some) scan.Add(batch);
            if (some.Count < AtOnce) break;
        }
        return (row, scan);
    }

    private async Task ConnectAsync(CancellationToken cancellation)
    {
        if (_incarnation is not null) return;
        _incarnation = await link.AskAsync("connect", () => database.Connect(Claim), cancellation).ConfigureAwait(false) ?? throw Fenced();
    }

    /// <summary>Why nothing was added; null if it may be tried again at once.</summary>
    private async Task<AppendResult?> RefusedAsync(Append append)
    {
        var (row, taken) = await link.AskAsync("why refused", () =>
        {
            var found = database.NodeOf(append.Node);
            var why = new Refused(found.Session, found.Incarnation, found.Revocations, found.Tip);
            return (why, SimDatabase.ReadTaken(found, append.Revocations));
        }).ConfigureAwait(false);
        if (row.Session != Claim.Session) return AppendResult.Fenced(Fenced());
        if (row.Tip != append.Batch.Number - 1) database.Check.RefusedWithoutCause(machine.Name, append.Batch);
        if (row.Incarnation != append.Incarnation) throw new LinkLostException("The connection was replaced.", mayHaveHappened: false);
        if (row.Revocations == append.Revocations) database.Check.RefusedWithoutCause(machine.Name, append.Batch);
        _revocations = row.Revocations;
        taken = [.. database.Rules.Taken(taken)];
        return taken.Count == 0 ? null : AppendResult.Rejected(taken);
    }

    private sealed record Refused(long Session, long Incarnation, long Revocations, long Tip);
}
