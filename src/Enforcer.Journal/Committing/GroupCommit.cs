using Enforcer.Ledger.Entries;

namespace Enforcer.Journal.Committing;

/// <summary>
/// The journal over a store: records of all accounts gather in the open batch while the one before is written, so one fsync serves as
/// many commands as arrive during the one before it.
/// </summary>
/// <remarks>
/// <para>One loop writes. It runs wherever the store completes: with SQLite on the store's own thread, so from batch to batch
/// no thread pool is involved. <c>_gate</c> guards the open batch and everything that a loss changes together; nothing waits while holding it.</para>
/// <para>Why no answer can be wrong: the durable watermark moves only after the store has said that the batch is durable; a batch of
/// unknown outcome is never waited for again but lost, together with the open one, whose records may stand on it; the numbers of lost
/// batches are used again, but tickets carry the generation, and <see cref="IsDurable"/> reads the watermark before it reads the
/// generation: if the generation is still the ticket's, so was the watermark.</para>
/// </remarks>
public sealed class GroupCommit : IJournal, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly IJournalStore _store;
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly Generations _generations = new();
    private readonly Gathering _gathering;
    private readonly Recovery _recovery;
    private readonly CancellationTokenSource _closing = new();
    private OpenBatch _open = new();
    private OpenBatch _spare = new();
    private OpenBatch? _inFlight;
    private Signal? _idle;
    private JournalTip _tip;
    private Exception? _failure;
    private TimeSpan _retryDelay;
    private bool _isWriting;
    private bool _isEnded;
    private bool _isClosing;
    private bool _hasToldEnd;
    private long _firstAtMs;
    private long _durableBatch;
    private long _durableRecords;
    private int _generation;

    private GroupCommit(IJournalStore store, JournalOptions options, TimeProvider time, Recovery recovery, JournalTip tip)
    {
        _store = store;
        _options = options;
        _time = time;
        _recovery = recovery;
        _gathering = new Gathering(options.LongestGathering, _gate, options.Work, time);
        _tip = tip;
        _retryDelay = options.FirstRetryDelay;
        _durableBatch = tip.Batch;
        _firstAtMs = tip.FirstAtMs;
        _open.Reset(tip.Batch + 1, options.MaxBatchBytes);
        Heads = new JournalHeads(store, recovery, this);
    }

    /// <inheritdoc/>
    public event Action<LostRecords>? Lost;

    /// <summary>The accounts' heads, which follow behind.</summary>
    public JournalHeads Heads { get; }

    /// <inheritdoc/>
    public int Generation => Volatile.Read(ref _generation);

    /// <inheritdoc/>
    public long DurableBatch => Volatile.Read(ref _durableBatch);

    /// <summary>How many records this process has made durable.</summary>
    public long DurableRecords => Volatile.Read(ref _durableRecords);

    /// <inheritdoc/>
    public Exception? LastError => Volatile.Read(ref _failure);

    /// <inheritdoc/>
    public JournalReadiness Readiness
    {
        get
        {
            if (Volatile.Read(ref _isEnded)) return JournalReadiness.Ended;
            if (Volatile.Read(ref _failure) is not null) return JournalReadiness.Unavailable;
            // Read without the lock: the bound is soft, and the next batch makes room again.
            var open = Volatile.Read(ref _open);
            return open.Length >= _options.MaxBatchBytes || open.Records >= _options.MaxBatchRecords
                ? JournalReadiness.Busy
                : JournalReadiness.Ready;
        }
    }

    /// <summary>Opens a store and makes up for what its last owner left behind. The store remains the caller's to dispose of.</summary>
    /// <exception cref="JournalCorruptException">The journal's end is damaged.</exception>
    /// <exception cref="JournalFormatException">The journal is from a newer version.</exception>
    public static async Task<GroupCommit> OpenAsync(
        IJournalStore store, string owner, JournalOptions options, TimeProvider time, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        var tip = await store.OpenAsync(owner, cancellation).ConfigureAwait(false);
        var recovery = new Recovery(store, options.ServeDamaged);
        await recovery.ReadFromCoveredAsync(tip, cancellation).ConfigureAwait(false);
        return new GroupCommit(store, options, time, recovery, tip);
    }

    /// <inheritdoc/>
    public AppendTicket Append(ref AccountTail tail, ReadOnlySpan<Entry> entries)
    {
        RequireNext(tail, entries);
        AppendTicket ticket;
        bool isFirst;
        lock (_gate)
        {
            if (_isEnded || _failure is not null) throw Unavailable();
            if (tail.Generation != _generation) Adopt(ref tail);
            if (_open.Records == 0) _open.Begin(_firstAtMs = Math.Max(_firstAtMs, _time.GetUtcNow().ToUnixTimeMilliseconds()));
            _open.Add(ref tail, entries);
            ticket = tail.Ticket;
            _gathering.Note(_open.Records);
            isFirst = !_isWriting;
            _isWriting = true;
        }
        if (isFirst) _ = WriteAsync();
        return ticket;
    }

    /// <inheritdoc/>
    public bool IsLost(ref AccountTail tail)
    {
        if (tail.Generation == Volatile.Read(ref _generation)) return false;
        lock (_gate)
        {
            if (!_generations.MayContinue(tail)) return true;
            tail.Generation = _generation;
            return false;
        }
    }

    /// <inheritdoc/>
    public bool IsDurable(AppendTicket ticket)
    {
        var durable = Volatile.Read(ref _durableBatch);
        if (ticket.Generation == Volatile.Read(ref _generation)) return ticket.Batch <= durable;
        lock (_gate) return ticket.Batch <= _durableBatch && _generations.IsKept(ticket);
    }

    /// <inheritdoc/>
    public ValueTask WhenDurableAsync(AppendTicket ticket)
    {
        if (IsDurable(ticket)) return ValueTask.CompletedTask;
        lock (_gate)
        {
            if (!_generations.IsKept(ticket)) return ValueTask.FromException(LostSince(ticket));
            if (ticket.Batch <= _durableBatch) return ValueTask.CompletedTask;
            if (ticket.Batch == _inFlight?.Number) return new ValueTask(_inFlight.Waiters.Add(_options.MaxWaitersTogether));
            if (ticket.Batch == _open.Number && _open.Records > 0) return new ValueTask(_open.Waiters.Add(_options.MaxWaitersTogether));
        }
        throw new ArgumentException($"Batch {ticket.Batch} has not been appended to; the last one is {_open.Number}.", nameof(ticket));
    }

    /// <summary>Takes no more records, and waits until what was taken is durable or lost.</summary>
    public async ValueTask DisposeAsync()
    {
        Task idle;
        lock (_gate)
        {
            _isEnded = true;
            _gathering.End();
            idle = _isWriting ? (_idle ??= new Signal()).Task : Task.CompletedTask;
        }
        var isFirst = !Interlocked.Exchange(ref _isClosing, true);
        // A store that fails now is not waited for until it is well again.
        if (isFirst) _closing.Cancel();
        await idle.ConfigureAwait(false);
        if (!isFirst) return;
        _closing.Dispose();
        _gathering.Dispose();
    }

    /// <summary>Takes no more records, for good; what is being written fails by itself.</summary>
    internal void End(Exception cause)
    {
        lock (_gate)
        {
            Volatile.Write(ref _failure, cause);
            Volatile.Write(ref _isEnded, true);
        }
        if (!Interlocked.Exchange(ref _hasToldEnd, true)) _options.OnEnded?.Invoke(cause);
    }

    private async Task WriteAsync()
    {
        try
        {
            while (TakeOpen() is { } batch)
            {
                var startedAt = _time.GetTimestamp();
                var result = await StoreAsync(batch).ConfigureAwait(false);
                if (result.Status == AppendStatus.Appended) await CompleteAsync(batch, startedAt).ConfigureAwait(false);
                else if (result.Status == AppendStatus.Rejected) await DropAsync(batch, result).ConfigureAwait(false);
                else await LoseAsync(result).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // A bug. Whoever waits must still be told, and nothing may be written after it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await LoseAsync(AppendResult.Broken(e)).ConfigureAwait(false);
            Rest();
        }
    }

    private OpenBatch? TakeOpen()
    {
        lock (_gate)
        {
            if (_inFlight is { } again) return again;
            if (_open.Records > 0)
            {
                var batch = _open;
                _spare.Reset(batch.Number + 1, _options.MaxBatchBytes);
                Volatile.Write(ref _open, _spare);
                return _inFlight = batch;
            }
            Rest();
            return null;
        }
    }

    private void Rest()
    {
        lock (_gate)
        {
            _isWriting = false;
            _idle?.Tell(_options.Work);
            _idle = null;
        }
    }

    private async ValueTask<AppendResult> StoreAsync(OpenBatch batch)
    {
        try
        {
            return await _store.AppendAsync(batch.Seal(_tip.Hash, _tip.Epoch)).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a store throws, what became of the batch is unknown, and that is handled.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return AppendResult.Unknown(e);
        }
    }

    /// <summary>Tells those who wait; then, completes when the next batch is worth being written.</summary>
    private ValueTask CompleteAsync(OpenBatch batch, long startedAt)
    {
        JournalInstruments.Appended(batch.Sealed, _time.GetElapsedTime(startedAt));
        _recovery.Add(batch.Sealed);
        Volatile.Write(ref _durableRecords, _durableRecords + batch.Records);
        List<Signal>? waiters;
        lock (_gate)
        {
            _tip = _tip with { Batch = batch.Number, Hash = batch.CopyHash(), FirstAtMs = batch.FirstAtMs };
            _retryDelay = _options.FirstRetryDelay;
            Volatile.Write(ref _durableBatch, batch.Number);
            waiters = batch.Waiters.Take();
            _inFlight = null;
            _spare = batch;
        }
        Waiters.Complete(waiters, _options.Work);
        lock (_gate) return _isEnded ? ValueTask.CompletedTask : _gathering.BeginAsync(batch.Records, _open.Records);
    }

    /// <summary>Some accounts belong to another owner now: their records fall out of both batches, and the rest is tried again.</summary>
    private async ValueTask DropAsync(OpenBatch batch, AppendResult result)
    {
        var accounts = result.RejectedAccounts.ToHashSet();
        List<Signal>? written = null, open = null;
        bool isDropped;
        lock (_gate)
        {
            var areRecordsLost = batch.Remove(accounts) + _open.Remove(accounts) > 0;
            isDropped = _generations.TryDrop(accounts, areRecordsLost ? _durableBatch : long.MaxValue);
            Volatile.Write(ref _generation, _generations.Current);
            if (isDropped && areRecordsLost) (written, open) = (batch.Waiters.Take(), _open.Waiters.Take());
        }
        if (!isDropped)
        {
            await LoseAsync(result).ConfigureAwait(false);
            return;
        }
        _recovery.Tails.Remove(accounts);
        Lost?.Invoke(new LostRecords(DurableBatch, result.RejectedAccounts, result.Error!));
        TellLost(result.Error!, written, open);
    }

    private async ValueTask LoseAsync(AppendResult result)
    {
        var isEnd = result.Status is AppendStatus.Fenced or AppendStatus.Broken;
        List<Signal>? written, open;
        lock (_gate)
        {
            if (result.Status == AppendStatus.Rejected) _generations.LoseAll();
            else _generations.Lose(_durableBatch);
            Volatile.Write(ref _generation, _generations.Current);
            Volatile.Write(ref _failure, result.Error);
            if (isEnd) Volatile.Write(ref _isEnded, true);
            written = _inFlight?.Waiters.Take();
            open = _open.Waiters.Take();
            _spare = _inFlight ?? _spare;
            _inFlight = null;
            _open.Reset(_durableBatch + 1, _options.MaxBatchBytes);
        }
        Lost?.Invoke(new LostRecords(result.Status == AppendStatus.Rejected ? 0 : DurableBatch, null, result.Error!));
        if (isEnd) End(result.Error!);
        TellLost(result.Error!, written, open);
        if (!isEnd) await RecoverAsync().ConfigureAwait(false);
    }

    private void TellLost(Exception cause, params ReadOnlySpan<List<Signal>?> waiters)
    {
        var lost = new JournalLostException($"Records after batch {DurableBatch} were not made durable, or nobody knows: {cause.Message}", cause);
        foreach (var groups in waiters) Waiters.Fail(groups, _options.Work, lost);
    }

    /// <summary>Asks the store where its journal really ends, until it answers and can be written.</summary>
    private async Task RecoverAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(_retryDelay, _time, _closing.Token).ConfigureAwait(false);
                _retryDelay = TimeSpan.FromTicks(Math.Min(_retryDelay.Ticks * 2, _options.MaxRetryDelay.Ticks));
                var tip = await _store.ReadTipAsync(_closing.Token).ConfigureAwait(false);
                await _recovery.ReadOnAsync(tip, _closing.Token).ConfigureAwait(false);
                // What can be read but not written, say on a full disk, has not recovered: no heads, but a write.
                await _store.WriteHeadsAsync([], Heads.CoveredThrough, _closing.Token).ConfigureAwait(false);
                Resume(tip);
                return;
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The store may fail in any way for as long as it likes; each failure is told and tried again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Volatile.Write(ref _failure, e);
                if (e is not (JournalFencedException or JournalCorruptException or JournalBrokenException)) continue;
                End(e);
                return;
            }
        }
    }

    private void Resume(JournalTip tip)
    {
        lock (_gate)
        {
            _tip = tip;
            _firstAtMs = Math.Max(_firstAtMs, tip.FirstAtMs);
            Volatile.Write(ref _durableBatch, tip.Batch);
            _open.Reset(tip.Batch + 1, _options.MaxBatchBytes);
            Volatile.Write(ref _failure, null);
        }
    }

    private void Adopt(ref AccountTail tail)
    {
        if (!_generations.MayContinue(tail)) throw LostSince(tail.Ticket);
        tail.Generation = _generation;
    }

    private static void RequireNext(in AccountTail tail, ReadOnlySpan<Entry> entries)
    {
        if (tail.Account < 1) throw new ArgumentException($"The account's number is {tail.Account}; it must be 1 or more.", nameof(tail));
        if (entries.IsEmpty) throw new ArgumentException("A record holds at least one entry.", nameof(entries));
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i].Seq != tail.Seq + 1 + i)
                throw new ArgumentException($"Entry {entries[i].Seq} does not follow entry {tail.Seq + i} of account {tail.Account}.", nameof(entries));
        }
    }

    private JournalUnavailableException Unavailable() => _failure is { } failure
        ? new JournalUnavailableException($"The journal cannot be written: {failure.Message}", failure)
        : new JournalUnavailableException("The journal is closed.");

    private static JournalLostException LostSince(AppendTicket ticket) =>
        new($"Batch {ticket.Batch} of generation {ticket.Generation} was lost, or nobody knows; drop the account and load it again.");
}
