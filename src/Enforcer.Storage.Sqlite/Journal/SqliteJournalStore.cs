using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Enforcer.Journal;
using Microsoft.Data.Sqlite;

namespace Enforcer.Storage.Sqlite;

/// <summary>
/// The journal of one machine in a SQLite file: a row per batch, a row per account's head, one row of fence (SPEC section 7).
/// WAL with <c>synchronous=FULL</c>: a batch is durable when its commit returns.
/// </summary>
public sealed class SqliteJournalStore : IJournalStore
{
    private readonly ConcurrentBag<SqlSession> _readers = [];
    private readonly string _folder;
    private readonly bool _isReadOnly;
    private long _epoch;
    private FileStream? _lock;
    private JournalWriter? _writer;

    private SqliteJournalStore(string folder, bool isReadOnly)
    {
        SQLitePCL.Batteries_V2.Init();
        _folder = Path.GetFullPath(folder);
        _isReadOnly = isReadOnly;
        File = Path.Combine(_folder, JournalFile.Name);
    }

    /// <summary>The full path of the file.</summary>
    public string File { get; }

    /// <summary>The store of a data folder, which is made if it is not there.</summary>
    public static SqliteJournalStore InFolder(string folder) => new(folder, isReadOnly: false);

    /// <summary>The store of a data folder, to be read and never written; a server may be using it meanwhile.</summary>
    /// <exception cref="JournalUnavailableException">There is no journal.</exception>
    public static SqliteJournalStore ReadFolder(string folder)
    {
        var store = new SqliteJournalStore(folder, isReadOnly: true);
        if (!System.IO.File.Exists(store.File))
            throw new JournalUnavailableException($"{store.File}: there is no journal. Name the folder that 'enforcer serve --data' was given.");
        return store;
    }

    /// <inheritdoc/>
    public Task<JournalTip> OpenAsync(string owner, CancellationToken cancellation)
    {
        if (_isReadOnly) return Task.FromResult(Read(ReadFence));
        Directory.CreateDirectory(_folder);
        _lock = FolderLock.Claim(_folder);
        WriterConnection? connection = null;
        try
        {
            connection = JournalFile.OpenWriter(File);
            // A journal that cannot be served is not claimed either.
            var tip = ReadTip(connection.Session, ReadFence(connection.Session).Epoch);
            _epoch = tip.Epoch + 1;
            connection.Session.Execute("UPDATE fence SET epoch = $1, owner = $2 WHERE id = 1", _epoch, owner);
            _writer = new JournalWriter(connection, File, _epoch);
            return Task.FromResult(tip with { Epoch = _epoch });
        }
        catch (Exception error)
        {
            connection?.Dispose();
            _lock.Dispose();
            _lock = null;
            throw Translated(error);
        }
    }

    /// <inheritdoc/>
    public Task<JournalTip> ReadTipAsync(CancellationToken cancellation) =>
        _isReadOnly ? Task.FromResult(Read(ReadFence)) : Writer.RunAsync(session => ReadTip(session, _epoch));

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(SealedBatch batch) => Writer.AppendAsync(batch);

    /// <inheritdoc/>
    public ValueTask<StoredBatch?> ReadBatchAsync(long number, CancellationToken cancellation) => new(Read(session =>
        session.First("SELECT number, first_at, entries, hash, payload FROM batches WHERE number = $1", Batch, number)));

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredBatch> ReadBatchesAsync(
        long from, long through, [EnumeratorCancellation] CancellationToken cancellation)
    {
        const int AtOnce = 64;
        while (from <= through)
        {
            cancellation.ThrowIfCancellationRequested();
            var first = from;
            var some = Read(session => session.All(
                "SELECT number, first_at, entries, hash, payload FROM batches WHERE number BETWEEN $1 AND $2 ORDER BY number LIMIT $3",
                Batch, first, through, (long)AtOnce));
            foreach (var batch in some) yield return batch;
            if (some.Count < AtOnce) yield break;
            from = some[^1].Number + 1;
            await Task.Yield();
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> FindBatchBeforeAsync(long atMs, CancellationToken cancellation) => new(Read(session => FindBatchBefore(session, atMs)));

    /// <inheritdoc/>
    public ValueTask<AccountHead?> ReadHeadAsync(long account, CancellationToken cancellation) => new(Read(session => session.First(
        "SELECT account, epoch, seq, last_batch, crc, next_expiry, snapshot FROM heads WHERE account = $1", Head, account)));

    /// <inheritdoc/>
    public async IAsyncEnumerable<AccountHead> ReadHeadsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        const int AtOnce = 1_024;
        var after = 0L;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var last = after;
            var some = Read(session => session.All(
                "SELECT account, epoch, seq, last_batch, crc, next_expiry, snapshot FROM heads WHERE account > $1 ORDER BY account LIMIT $2",
                Head, last, (long)AtOnce));
            foreach (var head in some) yield return head;
            if (some.Count < AtOnce) yield break;
            after = some[^1].Account;
            await Task.Yield();
        }
    }

    /// <inheritdoc/>
    public Task WriteHeadsAsync(IReadOnlyList<AccountHead> heads, long coveredThrough, CancellationToken cancellation) =>
        Writer.WriteHeadsAsync(new HeadsToWrite(heads, coveredThrough)).WaitAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DueAccount>> ReadDueAsync(long atMs, int limit, CancellationToken cancellation) => new(Read(session => session.All(
        "SELECT account, next_expiry FROM heads WHERE next_expiry <= $1 ORDER BY next_expiry LIMIT $2",
        static row => new DueAccount(row.GetInt64(0), row.GetInt64(1)), atMs, (long)limit)));

    /// <summary>Copies the journal as it is at one moment, while it is in use.</summary>
    /// <param name="path">A file that does not exist yet.</param>
    /// <exception cref="JournalUnavailableException">The file exists, or cannot be written.</exception>
    public void BackUpTo(string path)
    {
        var target = Path.GetFullPath(path);
        if (System.IO.File.Exists(target))
            throw new JournalUnavailableException($"{target}: the file exists. Name a file that does not, or remove it first.");
        var partial = target + ".partial";
        System.IO.File.Delete(partial);
        try
        {
            using (var source = new SqliteConnection(JournalFile.ConnectionString(File, SqliteOpenMode.ReadOnly)))
            using (var copy = new SqliteConnection(JournalFile.ConnectionString(partial, SqliteOpenMode.ReadWriteCreate)))
            {
                source.Open();
                copy.Open();
                source.BackupDatabase(copy);
            }
            System.IO.File.Move(partial, target);
        }
        catch (SqliteException error)
        {
            System.IO.File.Delete(partial);
            throw JournalFile.Translate(error, target);
        }
    }

    /// <summary>Bounds the file, so that tests can fill it.</summary>
    internal Task LimitPagesAsync(long pages) => Writer.RunAsync(session => session.Number($"PRAGMA max_page_count = {pages}"));

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        // The writer last: whoever closes last checkpoints.
        while (_readers.TryTake(out var reader)) reader.Dispose();
        _writer?.Dispose();
        _writer = null;
        _lock?.Dispose();
        _lock = null;
        return ValueTask.CompletedTask;
    }

    /// <summary>Batches are numbered in the order of their times, so halving finds the place without an index of times.</summary>
    private static long FindBatchBefore(SqlSession session, long atMs)
    {
        var low = 0L;
        var high = session.Number("SELECT coalesce(max(number), 0) FROM batches");
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            var firstAtMs = session.Number(
                "SELECT coalesce((SELECT first_at FROM batches WHERE number >= $1 ORDER BY number LIMIT 1), $2)", middle, long.MaxValue);
            if (firstAtMs < atMs) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    private JournalWriter Writer => _writer ?? throw new InvalidOperationException("The store is not open for writing.");

    private T Read<T>(Func<SqlSession, T> query)
    {
        SqlSession? session = null;
        try
        {
            if (!_readers.TryTake(out session))
            {
                session = JournalFile.OpenReader(File);
                JournalSchema.Require(session, File);
            }
            var result = query(session);
            _readers.Add(session);
            return result;
        }
        catch (Exception error)
        {
            session?.Dispose();
            throw Translated(error);
        }
    }

    private Exception Translated(Exception error) => error switch
    {
        SqliteException sqlite => JournalFile.Translate(sqlite, File),
        InvalidCastException or OverflowException or InvalidOperationException =>
            new JournalCorruptException($"{File}: a column holds what was never written there. Run `enforcer verify`, and restore a backup.", error),
        _ => error,
    };

    /// <summary>The end of the journal, which must be where the fence says it is.</summary>
    private JournalTip ReadTip(SqlSession session, long epoch)
    {
        var tip = ReadFence(session);
        if (tip.Epoch != epoch) throw new JournalFencedException($"{File}: another process has taken this journal over.");
        var last = session.First("SELECT number, first_at, entries, hash, payload FROM batches ORDER BY number DESC LIMIT 1", Batch);
        if ((last?.Number ?? 0) != tip.Batch || (last is not null && !last.Hash.Span.SequenceEqual(tip.Hash.Span)))
        {
            throw new JournalCorruptException(
                $"{File}: the journal ends with batch {last?.Number ?? 0}, but the fence says batch {tip.Batch}: it was cut or edited. " +
                "Run `enforcer verify`, and restore a backup.")
            { Batch = tip.Batch };
        }
        return tip;
    }

    /// <summary>The end of the journal as the fence says it, unchecked.</summary>
    private JournalTip ReadFence(SqlSession session) => session.First(
        "SELECT tip, tip_hash, tip_first_at, epoch, covered_through FROM fence WHERE id = 1",
        static row => new JournalTip(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)))
        ?? throw new JournalCorruptException($"{File}: the fence row is missing. Run `enforcer verify`, and restore a backup.");

    private static StoredBatch Batch(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetFieldValue<byte[]>(3), row.GetFieldValue<byte[]>(4));

    private static AccountHead Head(SqliteDataReader row) => new()
    {
        Account = row.GetInt64(0),
        Epoch = row.GetInt64(1),
        Seq = row.GetInt64(2),
        LastBatch = row.GetInt64(3),
        Crc = (uint)row.GetInt64(4),
        NextExpiryMs = row.IsDBNull(5) ? long.MaxValue : row.GetInt64(5),
        Snapshot = row.GetFieldValue<byte[]>(6),
    };
}
