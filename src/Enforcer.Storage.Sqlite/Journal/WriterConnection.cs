using Enforcer.Journal;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Enforcer.Storage.Sqlite;

/// <summary>
/// The one connection that writes, with its statements. It also checkpoints, on purpose and not by SQLite's own habit: that would
/// throw away the error of a failed fsync, after which the log that still has the data would be used again.
/// </summary>
internal sealed class WriterConnection : IDisposable
{
    /// <summary>A checkpoint is due after so many bytes of log, whoever waits for it.</summary>
    private const long CheckpointBytes = 2 << 20;

    /// <summary>After so many it is worth its fsyncs, if nobody waits.</summary>
    private const long EarlyCheckpointBytes = 512 << 10;
    private const long PageBytes = 4_096;

    /// <summary>What a transaction writes besides what is in it: the fence's page, and the beginnings and ends of others.</summary>
    private const long TransactionBytes = 4 * PageBytes;
    private readonly SqliteConnection _connection;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _moveTip;
    private readonly Statement _requireFence;
    private readonly Statement _insertBatch;
    private readonly Statement _writeHead;
    private readonly Statement _cover;
    private long _bytesSinceCheckpoint;

    public WriterConnection(SqliteConnection connection)
    {
        _connection = connection;
        Session = new SqlSession(connection);
        _begin = new Statement(connection, "BEGIN IMMEDIATE");
        _commit = new Statement(connection, "COMMIT");
        _moveTip = new Statement(
            connection,
            "UPDATE fence SET tip = ?1, tip_hash = ?2, tip_first_at = ?3 WHERE id = 1 AND epoch = ?4 AND tip = ?5 AND tip_hash = ?6");
        _requireFence = new Statement(connection, "UPDATE fence SET epoch = epoch WHERE id = 1 AND epoch = ?1");
        _insertBatch = new Statement(connection, "INSERT INTO batches(number, first_at, entries, hash, payload) VALUES (?1, ?2, ?3, ?4, ?5)");
        // An older head never replaces a newer one.
        _writeHead = new Statement(
            connection,
            "INSERT INTO heads(account, epoch, seq, last_batch, crc, next_expiry, snapshot) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) " +
            "ON CONFLICT(account) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq, last_batch = excluded.last_batch, " +
            "crc = excluded.crc, next_expiry = excluded.next_expiry, snapshot = excluded.snapshot WHERE excluded.seq >= heads.seq");
        _cover = new Statement(connection, "UPDATE fence SET covered_through = max(covered_through, ?1) WHERE id = 1");
    }

    /// <summary>For everything that is not once per batch.</summary>
    public SqlSession Session { get; }

    public void Begin() => _begin.Execute();

    public void Commit() => _commit.Execute();

    /// <summary>Adds a batch inside the open transaction; false if the fence is not this owner's, or the batch does not follow the last one.</summary>
    public bool TryAppend(SealedBatch batch, long epoch)
    {
        _moveTip.Bind(1, batch.Number).Bind(2, batch.Hash.Span).Bind(3, batch.FirstAtMs);
        if (_moveTip.Bind(4, epoch).Bind(5, batch.Number - 1).Bind(6, batch.PreviousHash.Span).Execute() == 0) return false;
        _insertBatch.Bind(1, batch.Number).Bind(2, batch.FirstAtMs).Bind(3, batch.Entries);
        _insertBatch.Bind(4, batch.Hash.Span).Bind(5, batch.Payload.Span).Execute();
        _bytesSinceCheckpoint += batch.Payload.Length + TransactionBytes;
        return true;
    }

    /// <summary>True if this owner still holds the fence.</summary>
    public bool HoldsFence(long epoch) => _requireFence.Bind(1, epoch).Execute() == 1;

    public void WriteHead(AccountHead head)
    {
        _writeHead.Bind(1, head.Account).Bind(2, head.Epoch).Bind(3, head.Seq).Bind(4, head.LastBatch).Bind(5, head.Crc);
        if (head.NextExpiryMs == long.MaxValue) _writeHead.BindNull(6);
        else _writeHead.Bind(6, head.NextExpiryMs);
        _writeHead.Bind(7, head.Snapshot.Span).Execute();
        // Heads come in the order of their accounts, so several share a page.
        _bytesSinceCheckpoint += PageBytes / 4;
    }

    public void Cover(long through) => _cover.Bind(1, through).Execute();

    /// <summary>True if there is enough of the log for a checkpoint while nobody waits.</summary>
    public bool HasLogToMove => _bytesSinceCheckpoint >= EarlyCheckpointBytes;

    /// <summary>Checkpoints if so much has come together that it cannot be put off.</summary>
    /// <exception cref="SqliteException">Writing or fsync failed.</exception>
    public void CheckpointIfDue()
    {
        if (_bytesSinceCheckpoint >= CheckpointBytes) Checkpoint();
    }

    /// <summary>Moves the log into the file. It never waits for readers: what they still need stays for the next time.</summary>
    /// <exception cref="SqliteException">Writing or fsync failed.</exception>
    public void Checkpoint()
    {
        _bytesSinceCheckpoint = 0;
        var db = _connection.Handle;
        var code = raw.sqlite3_wal_checkpoint_v2(db, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);
        if (code is raw.SQLITE_OK or raw.SQLITE_BUSY or raw.SQLITE_LOCKED) return;
        throw new SqliteException(raw.sqlite3_errmsg(db).utf8_to_string(), raw.sqlite3_errcode(db), raw.sqlite3_extended_errcode(db));
    }

    public void Dispose()
    {
        ReadOnlySpan<Statement> statements = [_begin, _commit, _moveTip, _requireFence, _insertBatch, _writeHead, _cover];
        foreach (var statement in statements) statement.Dispose();
        Session.Dispose();
    }
}
