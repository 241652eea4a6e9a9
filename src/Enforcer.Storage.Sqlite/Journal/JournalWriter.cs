using Enforcer.Journal;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Enforcer.Storage.Sqlite;

/// <summary>
/// The thread that owns the one connection that writes. A batch takes some waiting heads with it into its transaction, so that heads
/// cost no fsync of their own while there is traffic.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    /// <summary>Few, so that no command waits long for a batch that carries them.</summary>
    private const int HeadsPerBatch = 32;
    private readonly Lock _gate = new();
    private readonly Queue<HeadsToWrite> _heads = new();
    private readonly Queue<Action> _requests = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly AppendCompletion _completion = new();
    private readonly Thread _thread;
    private readonly WriterConnection _connection;
    private readonly string _file;
    private readonly long _epoch;
    private SealedBatch? _batch;
    private JournalBrokenException? _broken;
    private bool _isClosing;

    public JournalWriter(WriterConnection connection, string file, long epoch)
    {
        _connection = connection;
        _file = file;
        _epoch = epoch;
        _thread = new Thread(Run) { Name = "journal", IsBackground = true };
        _thread.Start();
    }

    public ValueTask<AppendResult> AppendAsync(SealedBatch batch)
    {
        var done = _completion.Begin();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosing, this);
            _batch = batch;
        }
        Wake();
        return done;
    }

    public Task WriteHeadsAsync(HeadsToWrite heads)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosing, this);
            _heads.Enqueue(heads);
        }
        Wake();
        return heads.Done;
    }

    /// <summary>Runs something on the writer's thread, between batches.</summary>
    public Task<T> RunAsync<T>(Func<SqlSession, T> work)
    {
        // A cold task: it carries whatever the work throws, and runs when the writer's thread comes to it.
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var task = new Task<T>(() => Translated(() => work(_connection.Session)));
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosing, this);
            _requests.Enqueue(() =>
            {
                task.RunSynchronously(TaskScheduler.Default);
                done.SetFromTask(task);
            });
        }
        Wake();
        return done.Task;
    }

    /// <summary>Finishes what waits, then closes the connection.</summary>
    public void Dispose()
    {
        lock (_gate) _isClosing = true;
        _wake.Set();
        _thread.Join();
        _connection.Dispose();
        _wake.Dispose();
    }

    private void Wake()
    {
        // The writer itself looks again before it sleeps.
        if (Thread.CurrentThread != _thread) _wake.Set();
    }

    private void Run()
    {
        while (true)
        {
            SealedBatch? batch;
            HeadsToWrite? heads;
            Action? request;
            lock (_gate)
            {
                batch = _batch;
                _batch = null;
                _requests.TryDequeue(out request);
                _heads.TryPeek(out heads);
                if (batch is null && heads is null && request is null && _isClosing) return;
            }
            request?.Invoke();
            if (batch is not null) _completion.Complete(Append(batch, heads));
            else if (heads is not null) WriteHeads(heads);
            else if (request is null && !CheckpointEarly()) _wake.WaitOne();
        }
    }

    /// <summary>While nobody waits, the log is moved into the file before a batch has to wait for that; false if there is too little of it.</summary>
    private bool CheckpointEarly()
    {
        if (_broken is not null || !_connection.HasLogToMove) return false;
        try
        {
            _connection.Checkpoint();
        }
        catch (SqliteException error)
        {
            // The next batch is told, as if it had come upon this itself.
            Failed(error, isCommitting: false);
        }
        return true;
    }

    private AppendResult Append(SealedBatch batch, HeadsToWrite? heads)
    {
        if (_broken is not null) return AppendResult.Broken(_broken);
        var isCommitting = false;
        try
        {
            _connection.CheckpointIfDue();
            _connection.Begin();
            if (!_connection.TryAppend(batch, _epoch))
            {
                _connection.Session.RollBack();
                return AppendResult.Fenced(Fenced());
            }
            var through = heads?.WriteSome(_connection, HeadsPerBatch) ?? 0;
            isCommitting = true;
            _connection.Commit();
            if (heads is not null) Finish(heads, through);
            return AppendResult.Appended;
        }
        catch (SqliteException error)
        {
            return Failed(error, isCommitting);
        }
    }

    /// <summary>
    /// A failed fsync: the system may have thrown away what it could not write and says so only once, so nothing after it can be trusted.
    /// No room, or a failure before the commit: all was rolled back, nothing was written. All else: nobody knows.
    /// </summary>
    private AppendResult Failed(SqliteException error, bool isCommitting)
    {
        var translated = JournalFile.Translate(error, _file);
        if (translated is JournalBrokenException broken)
        {
            _broken = broken;
            _connection.Session.KeepLog();
            return AppendResult.Broken(broken);
        }
        try
        {
            _connection.Session.RollBack();
        }
        catch (SqliteException rollback)
        {
            return AppendResult.Unknown(rollback);
        }
        var isFull = error.SqliteErrorCode == raw.SQLITE_FULL;
        return isFull || !isCommitting ? AppendResult.Full(translated) : AppendResult.Unknown(error);
    }

    private void WriteHeads(HeadsToWrite heads)
    {
        if (_broken is not null)
        {
            Fail(heads, _broken);
            return;
        }
        try
        {
            _connection.CheckpointIfDue();
            _connection.Begin();
            if (!_connection.HoldsFence(_epoch)) throw Fenced();
            var through = heads.WriteSome(_connection, HeadsPerBatch);
            _connection.Commit();
            Finish(heads, through);
        }
        catch (Exception error) when (error is SqliteException or JournalFencedException)
        {
            if (error is SqliteException failure) Failed(failure, isCommitting: false);
            else _connection.Session.RollBack();
            Fail(heads, error is SqliteException sqlite ? JournalFile.Translate(sqlite, _file) : error);
        }
    }

    private void Fail(HeadsToWrite heads, Exception error)
    {
        lock (_gate) _heads.Dequeue();
        heads.Fail(error);
    }

    private void Finish(HeadsToWrite heads, int through)
    {
        heads.Advance(through);
        if (!heads.IsWritten) return;
        lock (_gate) _heads.Dequeue();
        heads.Complete();
    }

    private T Translated<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException error)
        {
            throw JournalFile.Translate(error, _file);
        }
    }

    private JournalFencedException Fenced() =>
        new($"{_file}: another process has taken this journal over. Stop one of the two; only the newer one may write.");
}
