using System.Globalization;
using Enforcer.Journal;
using Npgsql;

namespace Enforcer.Storage.Postgres;

/// <summary>
/// The pieces in which batches are kept: each holds a span of one node's stream, is made when the stream reaches it, and is archived as a
/// whole when it is old.
/// </summary>
internal sealed class Partitions(Database database, int batchesPerPartition)
{
    /// <summary>Makes room for a batch in its stream; answers the first number that there is no room for.</summary>
    public Task<long> AddAsync(int node, long number, CancellationToken cancellation) => database.InTransactionAsync(
        async (connection, token) =>
        {
            await Schema.LockAsync(connection, token).ConfigureAwait(false);
            var room = (long)(await connection.FirstAsync(
                "SELECT room FROM tips WHERE node = $1 FOR NO KEY UPDATE", static row => (object)row.GetInt64(0), token, node).ConfigureAwait(false))!;
            while (room <= number) room = await AddAsync(connection, node, room, token).ConfigureAwait(false);
            await connection.ExecuteAsync("UPDATE tips SET room = $2 WHERE node = $1", token, node, room).ConfigureAwait(false);
            return room;
        },
        cancellation);

    /// <summary>
    /// Takes batches out of the journal that were opened before a moment (Unix ms), a partition at a time: it becomes a table of its own, which can be
    /// dumped and dropped. What heads, recovery or the fence need stays. Answers the tables' names.
    /// </summary>
    /// <exception cref="JournalUnavailableException">Something is being read at present, or snapshots lag; try again later.</exception>
    public async Task<IReadOnlyList<string>> ArchiveAsync(long beforeMs, CancellationToken cancellation)
    {
        var archived = new List<string>();
        var old = await database.AllAsync(
            "SELECT p.from_number, p.to_number, p.name FROM partitions p JOIN covers c ON c.node = p.node " +
            "WHERE p.archived_at IS NULL AND p.to_number <= c.through ORDER BY p.from_number",
            static row => (From: row.GetInt64(0), To: row.GetInt64(1), Name: row.GetString(2)),
            cancellation).ConfigureAwait(false);
        foreach (var (from, to, table) in old)
        {
            if (await database.InTransactionAsync((connection, token) => TryArchiveAsync(connection, from, to, table, beforeMs, token), cancellation).ConfigureAwait(false))
                archived.Add($"enforcer.{table}");
        }
        return archived;
    }

    private async Task<long> AddAsync(NpgsqlConnection connection, int node, long from, CancellationToken cancellation)
    {
        var to = from + batchesPerPartition;
        var table = string.Create(CultureInfo.InvariantCulture, $"batches_{node}_{from - BatchNumber.OriginOf(from)}");
        // Attaching, unlike making it in place, does not keep others from appending.
        await connection.ExecuteAsync(
            $"CREATE TABLE {table} (LIKE batches INCLUDING ALL); " +
            string.Create(CultureInfo.InvariantCulture, $"ALTER TABLE batches ATTACH PARTITION {table} FOR VALUES FROM ({from}) TO ({to})"),
            cancellation).ConfigureAwait(false);
        await connection.ExecuteAsync("INSERT INTO partitions VALUES ($1, $2, $3, $4)", cancellation, from, to, node, table).ConfigureAwait(false);
        return to;
    }

    private async Task<bool> TryArchiveAsync(NpgsqlConnection connection, long from, long to, string table, long beforeMs, CancellationToken cancellation)
    {
        await Schema.LockAsync(connection, cancellation).ConfigureAwait(false);
        var isOld = (bool)(await connection.FirstAsync(
            "SELECT coalesce((SELECT first_at FROM batches WHERE number = $2 - 1) < $3, false) AND archived_at IS NULL FROM partitions WHERE from_number = $1",
            static row => (object)row.GetBoolean(0),
            cancellation,
            from,
            to,
            beforeMs).ConfigureAwait(false))!;
        if (!isOld) return false;
        var behind = await connection.FirstAsync(
            "SELECT account FROM heads WHERE seq > snap_seq LIMIT 1", static row => (object)row.GetInt64(0), cancellation).ConfigureAwait(false);
        if (behind is not null)
        {
            throw new JournalUnavailableException(
                $"{database.Name}: the snapshot of account {behind} lags behind its journal, and may need old batches. Serve the account once, then archive again.");
        }
        // The table is closed for a moment; rather than keep appends waiting for a long query, it is tried again later.
        await connection.ExecuteAsync(
            $"SET LOCAL lock_timeout = '500ms'; ALTER TABLE batches DETACH PARTITION {table}", cancellation).ConfigureAwait(false);
        await connection.ExecuteAsync("UPDATE partitions SET archived_at = now() WHERE from_number = $1", cancellation, from).ConfigureAwait(false);
        await connection.ExecuteAsync("DELETE FROM ledger WHERE batch >= $1 AND batch < $2", cancellation, from, to).ConfigureAwait(false);
        return true;
    }
}
