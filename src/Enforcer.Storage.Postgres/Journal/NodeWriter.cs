using Enforcer.Journal;
using Npgsql;
using NpgsqlTypes;

namespace Enforcer.Storage.Postgres;

/// <summary>
/// The one connection that appends to a node's stream: one prepared statement a batch, which is one transaction and one round trip.
/// </summary>
/// <remarks>
/// <para>Why nothing stale gets in: the statement locks the node's row in share mode and adds the batch only if incarnation and count of
/// revocations are those that this connection knows. Whoever takes the node over raises the one, whoever takes an account from it the other, in a
/// transaction that needs the same row exclusively: so each append is either complete before, and seen by the successor, or adds nothing. The row is
/// never deleted and does not depend on what batches are still there.</para>
/// <para>Why an unknown outcome becomes a known one: every connection begins by raising the node's incarnation. The raise waits for a statement of the
/// connection before that still commits, and lets none in that comes later. So what is read afterwards is the end.</para>
/// <para>Why nothing is told that a loss of power would take back: the statement adds the batch only while the server keeps what it calls durable
/// (<see cref="Durability"/>), also if somebody changes that while connections are open.</para>
/// <para>An account is never lost unnoticed: a changed count of revocations stops the next append, whichever accounts it is for, until all that were
/// taken since have been named.</para>
/// </remarks>
internal sealed class NodeWriter : IAsyncDisposable
{
    private const string AppendSql =
        "WITH fence AS (SELECT node FROM nodes WHERE node = $1 AND incarnation = $2 AND revocations = $3 AND " + Durability.IsKept + " FOR SHARE), " +
        "moved AS (UPDATE tips t SET tip = $4, tip_hash = $5, tip_first_at = $6 FROM fence " +
        "WHERE t.node = fence.node AND t.tip = $4 - 1 AND t.tip_hash = $7 RETURNING t.node) " +
        "INSERT INTO batches(number, first_at, entries, hash, payload) SELECT $4, $6, $8, $5, $9 FROM moved";

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Database _database;
    private readonly Partitions _partitions;
    private readonly NodeClaim _claim;
    private readonly NpgsqlParameter<long> _incarnation = new() { NpgsqlDbType = NpgsqlDbType.Bigint };
    private readonly NpgsqlParameter<long> _revocations = new() { NpgsqlDbType = NpgsqlDbType.Bigint };
    private readonly NpgsqlParameter<long> _number = new() { NpgsqlDbType = NpgsqlDbType.Bigint };
    private readonly NpgsqlParameter<ReadOnlyMemory<byte>> _hash = new() { NpgsqlDbType = NpgsqlDbType.Bytea };
    private readonly NpgsqlParameter<long> _firstAt = new() { NpgsqlDbType = NpgsqlDbType.Bigint };
    private readonly NpgsqlParameter<ReadOnlyMemory<byte>> _previousHash = new() { NpgsqlDbType = NpgsqlDbType.Bytea };
    private readonly NpgsqlParameter<int> _entries = new() { NpgsqlDbType = NpgsqlDbType.Integer };
    private readonly NpgsqlParameter<ReadOnlyMemory<byte>> _payload = new() { NpgsqlDbType = NpgsqlDbType.Bytea };
    private NpgsqlConnection? _connection;
    private NpgsqlCommand? _append;
    private long _room;
    private long _knownRevocations;

    public NodeWriter(Database database, Partitions partitions, NodeClaim claim)
    {
        _database = database;
        _partitions = partitions;
        _claim = claim;
        _revocations.TypedValue = _knownRevocations = claim.Revocations;
    }

    /// <summary>Up to here this node knows what was taken from it, and has dropped it. It is deleted with the next heads: appends wait for no delete.</summary>
    public long KnownRevocations => Volatile.Read(ref _knownRevocations);

    public async ValueTask<AppendResult> AppendAsync(SealedBatch batch)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        var mayBeWritten = false;
        try
        {
            // Whoever appends again has dropped what was rejected before.
            Volatile.Write(ref _knownRevocations, _revocations.TypedValue);
            var append = await ConnectedAsync(CancellationToken.None).ConfigureAwait(false);
            if (batch.Number >= _room) _room = await _partitions.AddAsync(_claim.Node, batch.Number, CancellationToken.None).ConfigureAwait(false);
            Bind(batch);
            while (true)
            {
                mayBeWritten = true;
                if (await append.ExecuteNonQueryAsync().ConfigureAwait(false) == 1) return AppendResult.Appended;
                mayBeWritten = false;
                if (await RefusedAsync(batch).ConfigureAwait(false) is { } refused) return refused;
            }
        }
#pragma warning disable CA1031 // Failures are results; which one depends only on whether the batch may have been written.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return await FailedAsync(error, mayBeWritten).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Where the stream ends, when nothing of this node can be under way any more.</summary>
    public async Task<JournalTip> ReadTipAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await ConnectedAsync(cancellation).ConfigureAwait(false);
            return await StreamEnd.ReadAsync(_connection!, _claim.Node, _claim.Session, _database.Name, cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (Failures.IsTranslated(error))
        {
            await DisconnectAsync().ConfigureAwait(false);
            throw Failures.Translate(error, _database.Name);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Takes note that these accounts, which nobody here holds any more, were taken; if others were as well, nothing is noted, and the next append finds out.
    /// </summary>
    public async Task AcknowledgeAsync(IReadOnlyCollection<long> accounts, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            // One statement, so that count and list are those of one moment. Those taken by then are listed for ever, or until the next append asks.
            var now = await _database.FirstAsync(
                "SELECT n.revocations, NOT EXISTS(SELECT 1 FROM revoked r WHERE r.node = n.node AND r.revocation > $3 AND r.account <> ALL($4)) " +
                "FROM nodes n WHERE n.node = $1 AND n.session = $2",
                static row => new { Revocations = row.GetInt64(0), AreAll = row.GetBoolean(1) },
                cancellation,
                _claim.Node,
                _claim.Session,
                _revocations.TypedValue,
                accounts.ToArray()).ConfigureAwait(false);
            if (now is not { AreAll: true }) return;
            _revocations.TypedValue = now.Revocations;
            Volatile.Write(ref _knownRevocations, now.Revocations);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        await DisconnectAsync().ConfigureAwait(false);
        _turn.Dispose();
    }

    private void Bind(SealedBatch batch)
    {
        _number.TypedValue = batch.Number;
        _hash.TypedValue = batch.Hash;
        _firstAt.TypedValue = batch.FirstAtMs;
        _previousHash.TypedValue = batch.PreviousHash;
        _entries.TypedValue = batch.Entries;
        _payload.TypedValue = batch.Payload;
    }

    private async ValueTask<NpgsqlCommand> ConnectedAsync(CancellationToken cancellation)
    {
        if (_append is not null && _connection is { FullState: System.Data.ConnectionState.Open }) return _append;
        await DisconnectAsync().ConfigureAwait(false);
        _connection = await _database.ConnectAsync(cancellation).ConfigureAwait(false);
        var raised = await _connection.FirstAsync(
            "UPDATE nodes SET incarnation = incarnation + 1 WHERE node = $1 AND session = $2 RETURNING incarnation",
            static row => (object)row.GetInt64(0),
            cancellation,
            _claim.Node,
            _claim.Session).ConfigureAwait(false);
        if (raised is not long incarnation) throw StreamEnd.Fenced(_database.Name, "");
        _incarnation.TypedValue = incarnation;
        var append = new NpgsqlCommand(AppendSql, _connection);
        NpgsqlParameter[] parameters =
        [
            new NpgsqlParameter<int> { TypedValue = _claim.Node }, _incarnation, _revocations, _number, _hash, _firstAt, _previousHash, _entries, _payload,
        ];
        append.Parameters.AddRange(parameters);
        await append.PrepareAsync(cancellation).ConfigureAwait(false);
        return _append = append;
    }

    /// <summary>Why nothing was added; null if it may be tried again at once.</summary>
    private async Task<AppendResult?> RefusedAsync(SealedBatch batch)
    {
        var now = await _connection!.FirstAsync(
            "SELECT n.session, n.owner, n.incarnation, n.revocations, t.tip, t.tip_hash, " +
            "ARRAY(SELECT DISTINCT r.account FROM revoked r WHERE r.node = n.node AND r.revocation > $2 ORDER BY r.account), " + Durability.Columns + " " +
            "FROM nodes n JOIN tips t ON t.node = n.node WHERE n.node = $1",
            row =>
            {
                Durability.Require(row, 7, _database.Name);
                return new
                {
                    Session = row.GetGuid(0),
                    Owner = row.GetString(1),
                    Incarnation = row.GetInt64(2),
                    Revocations = row.GetInt64(3),
                    Tip = row.GetInt64(4),
                    TipHash = row.GetFieldValue<byte[]>(5),
                    Taken = row.GetFieldValue<long[]>(6),
                };
            },
            CancellationToken.None,
            _claim.Node,
            _revocations.TypedValue).ConfigureAwait(false);
        if (now is null || now.Session != _claim.Session) return AppendResult.Fenced(StreamEnd.Fenced(_database.Name, now?.Owner ?? ""));
        if (now.Tip != batch.Number - 1 || !now.TipHash.AsSpan().SequenceEqual(batch.PreviousHash.Span))
        {
            return AppendResult.Fenced(new JournalFencedException(
                $"{_database.Name}: batch {batch.Number} does not follow batch {now.Tip}, the last one: somebody else writes under this node's name."));
        }
        // A connection of this node that was given up has been served after all. The next one begins behind it.
        if (now.Incarnation != _incarnation.TypedValue) throw new JournalUnavailableException($"{_database.Name}: the connection was replaced.");
        _revocations.TypedValue = now.Revocations;
        return now.Taken.Length == 0 ? null : AppendResult.Rejected(now.Taken);
    }

    private async ValueTask<AppendResult> FailedAsync(Exception error, bool mayBeWritten)
    {
        if (error is JournalFencedException fenced) return AppendResult.Fenced(fenced);
        var isRolledBack = Failures.IsRolledBack(error);
        if (!isRolledBack) await DisconnectAsync().ConfigureAwait(false);
        var translated = Failures.IsTranslated(error) ? Failures.Translate(error, _database.Name) : error;
        if (translated is JournalCorruptException) return AppendResult.Broken(translated);
        return mayBeWritten && !isRolledBack ? AppendResult.Unknown(translated) : AppendResult.Full(translated);
    }

    private async ValueTask DisconnectAsync()
    {
        if (_append is { } append)
        {
            _append = null;
            append.Parameters.Clear();
            await append.DisposeAsync().ConfigureAwait(false);
        }
        if (_connection is not { } connection) return;
        _connection = null;
        await connection.DisposeAsync().ConfigureAwait(false);
    }
}
