using Enforcer.Journal;
using Microsoft.Data.Sqlite;

namespace Enforcer.Storage.Sqlite;

/// <summary>
/// The thread that owns the one connection that writes. Work waits in order; a batch takes some waiting heads with it into its
/// transaction, so that heads cost no fsync of their own while there is traffic.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    private const int HeadsPerBatch = 128;
    private const int HeadsWhenIdle = 2_048;
    private readonly Lock _gate = new();
    private readonly Queue<HeadsToWrite> _heads = new();
    private readonly Queue<Action<SqlSession>> _requests = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly AppendCompletion _completion = new();
    private readonly Thread _thread;
    private readonly SqlSession _session;
    private readonly string _file;
    private SealedBatch? _batch;
    private bool _isClosing;

    public JournalWriter(SqlSession session, string file)
    {
        _session = session;
        _file = file;
        _thread = new Thread(Run) { Name = "journal", IsBackground = true };
        _thread.Start();
    }

    /// <summary>The epoch in which this process owns the fence.</summary>
    public long Epoch { get; set; }

    public ValueTask<AppendResult> AppendAsync(SealedBatch batch)
    {
        var done = _completion.Begin();
        Enqueue(() => _batch = batch);
        return done;
    }

    public Task WriteHeadsAsync(HeadsToWrite heads)
    {
        Enqueue(() => _heads.Enqueue(heads));
        return heads.Done;
    }

    /// <summary>Runs something on the writer's thread, between batches.</summary>
    public Task<T> RunAsync<T>(Func<SqlSession, T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(() => _requests.Enqueue(session =>
        {
            try
            {
                done.SetResult(work(session));
            }
            catch (SqliteException error)
            {
                done.SetException(JournalFile.Translate(error, _file));
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        }));
        return done.Task;
    }

    public void Dispose()
    {
        lock (_gate) _isClosing = true;
        _wake.Set();
        if (Thread.CurrentThread != _thread) _thread.Join();
        _session.Dispose();
        _wake.Dispose();
    }

    private void Enqueue(Action add)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosing, this);
            add();
        }
        if (Thread.CurrentThread != _thread) _wake.Set();
    }

    private void Run()
    {
        while (true)
        {
            SealedBatch? batch;
            HeadsToWrite? heads;
            Action<SqlSession>? request;
            lock (_gate)
            {
                batch = _batch;
                _batch = null;
                _requests.TryDequeue(out request);
                _heads.TryPeek(out heads);
                if (batch is null && heads is null && request is null && _isClosing) return;
            }
            request?.Invoke(_session);
            if (batch is not null) _completion.Complete(Append(batch, heads));
            else if (heads is not null) WriteHeads(heads);
            else if (request is null) _wake.WaitOne();
        }
    }

    private AppendResult Append(SealedBatch batch, HeadsToWrite? heads)
    {
        var isCommitting = false;
        try
        {
            _session.Execute("BEGIN IMMEDIATE");
            var moved = _session.Execute(
                "UPDATE fence SET tip = $1, tip_hash = $2, tip_first_at = $3 WHERE id = 1 AND epoch = $4 AND tip = $5",
                batch.Number, batch.Hash.ToArray(), batch.FirstAtMs, Epoch, batch.Number - 1);
            if (moved == 0)
            {
                _session.RollBack();
                return AppendResult.Fenced(Fenced());
            }
            _session.Execute(
                "INSERT INTO batches(number, first_at, entries, hash, payload) VALUES ($1, $2, $3, $4, $5)",
                batch.Number, batch.FirstAtMs, (long)batch.Entries, batch.Hash.ToArray(), batch.Payload.ToArray());
            var through = heads?.WriteSome(_session, HeadsPerBatch) ?? 0;
            isCommitting = true;
            _session.Execute("COMMIT");
            if (heads is not null) Finish(heads, through);
            return AppendResult.Appended;
        }
        catch (SqliteException error)
        {
            return Failed(error, isCommitting);
        }
    }

    /// <summary>
    /// No room: SQLite has rolled back, or does now, and nothing was written. A failed fsync: the system may have thrown
    /// away what it could not write and says so only once, so nothing after it can be trusted. All else: unknown.
    /// </summary>
    private AppendResult Failed(SqliteException error, bool isCommitting)
    {
        if (error.SqliteExtendedErrorCode is SQLitePCL.raw.SQLITE_IOERR_FSYNC or SQLitePCL.raw.SQLITE_IOERR_DIR_FSYNC)
            return AppendResult.Broken(error);
        try
        {
            _session.RollBack();
        }
        catch (SqliteException rollback)
        {
            return AppendResult.Unknown(rollback);
        }
        var isFull = error.SqliteErrorCode == SQLitePCL.raw.SQLITE_FULL;
        return isFull || !isCommitting ? AppendResult.Full(JournalFile.Translate(error, _file)) : AppendResult.Unknown(error);
    }

    private void WriteHeads(HeadsToWrite heads)
    {
        try
        {
            _session.Execute("BEGIN IMMEDIATE");
            if (_session.Number("SELECT epoch FROM fence WHERE id = 1") != Epoch)
            {
                _session.RollBack();
                throw Fenced();
            }
            var through = heads.WriteSome(_session, HeadsWhenIdle);
            _session.Execute("COMMIT");
            Finish(heads, through);
        }
        catch (Exception error) when (error is SqliteException or JournalFencedException)
        {
            _session.RollBack();
            lock (_gate) _heads.Dequeue();
            heads.Fail(error is SqliteException sqlite ? JournalFile.Translate(sqlite, _file) : error);
        }
    }

    private void Finish(HeadsToWrite heads, int through)
    {
        heads.Advance(through);
        if (!heads.IsWritten) return;
        lock (_gate) _heads.Dequeue();
        heads.Complete();
    }

    private JournalFencedException Fenced() =>
        new($"{_file}: another process has taken this journal over. Stop one of the two; only the newer one may write.");
}
