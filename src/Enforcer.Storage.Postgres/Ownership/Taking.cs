using Enforcer.Journal;
using Enforcer.Journal.Reading;
using Npgsql;
using NpgsqlTypes;

namespace Enforcer.Storage.Postgres;

/// <summary>
/// Takes accounts from a living node. Where they end is read from the owner's stream while it goes on writing; only the last few batches are read
/// while its row is held.
/// </summary>
/// <remarks>
/// Accounts wait for this, and so do the owner's appends while its row is held: what can be asked together is asked in one round trip.
/// </remarks>
internal sealed class Taking(Database database, Func<NodeClaim> claim)
{
    private const int FewBatches = 16;
    private const int MostRounds = 8;

    /// <summary>
    /// The batch up to which the accounts' heads are complete: that of the cursor, or the one before the head's own, in which later records may stand, or
    /// what the owner says. What it says may be old, but heads that are complete up to a batch stay so.
    /// </summary>
    private const string FindStart =
        "WITH start AS (SELECT n.node, t.tip, greatest(least($3, t.tip), min(CASE WHEN h.last_batch > c.through AND h.last_batch <= t.tip THEN h.last_batch - 1 " +
        "ELSE c.through END)) AS after FROM nodes n JOIN tips t ON t.node = n.node JOIN covers c ON c.node = n.node JOIN heads h ON h.node = n.node " +
        "WHERE n.name = $1 AND h.account = ANY($2) GROUP BY n.node, t.tip, c.through) " +
        "SELECT s.node, s.tip, s.after, b.hash FROM start s LEFT JOIN batches b ON b.number = s.after";

    private const string HoldMine = "SELECT node FROM nodes WHERE node = $1 AND session = $2 FOR SHARE";

    private const string HoldOwner = "SELECT node FROM nodes WHERE node = $1 AND state = 1 AND revocations = coalesce($2, revocations) FOR NO KEY UPDATE";

    private const string ReadTip = "SELECT tip FROM tips WHERE node = $1";

    private const string Take =
        "WITH g AS (SELECT * FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[]) AS g(account, seq, batch, crc)), " +
        "taken AS (UPDATE heads h SET node = $1, epoch = h.epoch + 1, seq = coalesce(n.seq, h.seq), last_batch = coalesce(n.batch, h.last_batch), " +
        "crc = coalesce(n.crc, h.crc), next_expiry = CASE WHEN n.seq IS NULL THEN h.next_expiry ELSE 0 END FROM heads o LEFT JOIN g n ON n.account = o.account AND n.seq > o.seq " +
        "WHERE o.account = h.account AND h.node = $2 AND h.account = ANY($7) RETURNING h.account), " +
        "raised AS (UPDATE nodes SET revocations = revocations + 1 WHERE node = $2 AND EXISTS(SELECT 1 FROM taken) RETURNING revocations), " +
        "noted AS (INSERT INTO revoked SELECT $2, r.revocations, t.account FROM raised r, taken t) SELECT account FROM taken";

    public async Task<IReadOnlyList<long>> TakeAsync(
        string node, IReadOnlyCollection<long> accounts, long? revocations, long coveredThrough, CancellationToken cancellation)
    {
        var wanted = accounts.Distinct().Order().ToArray();
        var start = await database.FirstAsync(
            FindStart,
            static row => new Start(row.GetInt32(0), row.GetInt64(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3)),
            cancellation,
            node,
            wanted,
            coveredThrough).ConfigureAwait(false);
        if (start is null || start.Node == claim().Node) return [];
        var scan = StreamReading.Begin(database, start.After, start.Hash, wanted);
        var tip = start.Tip;
        for (var round = 0; round < MostRounds && tip - scan.Through > FewBatches; round++)
        {
            await StreamReading.ReadOnAsync(database, scan, tip, cancellation).ConfigureAwait(false);
            tip = await ReadTipAsync(start.Node, cancellation).ConfigureAwait(false);
        }
        return await database.InTransactionAsync(connection => TakeAsync(connection, start.Node, revocations, wanted, scan, cancellation), cancellation).ConfigureAwait(false);
    }

    private async Task<long> ReadTipAsync(int node, CancellationToken cancellation) =>
        (long)(await database.FirstAsync(ReadTip, static row => (object)row.GetInt64(0), cancellation, node).ConfigureAwait(false))!;

    private async Task<IReadOnlyList<long>> TakeAsync(
        NpgsqlConnection connection, int from, long? revocations, long[] wanted, TailScan scan, CancellationToken cancellation)
    {
        if (await HoldAsync(connection, from, revocations, cancellation).ConfigureAwait(false) is not { } tip) return [];
        await StreamReading.ReadOnAsync(database, scan, tip, cancellation).ConfigureAwait(false);
        var tails = scan.Tails.Values.ToArray();
        var command = connection.Command(
            Take,
            claim().Node,
            from,
            Array.ConvertAll(tails, tail => tail.Account),
            Array.ConvertAll(tails, tail => tail.Seq),
            Array.ConvertAll(tails, tail => tail.LastBatch),
            Array.ConvertAll(tails, tail => (long)tail.Crc),
            wanted);
        await using var _ = command.ConfigureAwait(false);
        var taken = new List<long>();
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) taken.Add(reader.GetInt64(0));
        return taken;
    }

    /// <summary>
    /// Holds both nodes' rows, in the order of their numbers, so that two nodes that take from each other do not wait in a circle; answers where the owner's
    /// stream then ends. Null if the owner was replaced, after which its accounts are claimed, or does not let them go any more.
    /// </summary>
    private async Task<long?> HoldAsync(NpgsqlConnection connection, int from, long? revocations, CancellationToken cancellation)
    {
        var mine = claim();
        var batch = new NpgsqlBatch(connection);
        await using var _ = batch.ConfigureAwait(false);
        var isMineFirst = mine.Node < from;
        var own = Statement(HoldMine, new NpgsqlParameter { Value = mine.Node }, new NpgsqlParameter { Value = mine.Session });
        batch.BatchCommands.Add(Statement(
            HoldOwner, new NpgsqlParameter { Value = from }, new NpgsqlParameter { Value = (object?)revocations ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint }));
        batch.BatchCommands.Insert(isMineFirst ? 0 : 1, own);
        // A statement of its own sees what was committed while the rows were waited for.
        batch.BatchCommands.Add(Statement(ReadTip, new NpgsqlParameter { Value = from }));
        var reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        var isFirstHeld = await reader.ReadAsync(cancellation).ConfigureAwait(false);
        await reader.NextResultAsync(cancellation).ConfigureAwait(false);
        var isSecondHeld = await reader.ReadAsync(cancellation).ConfigureAwait(false);
        await reader.NextResultAsync(cancellation).ConfigureAwait(false);
        await reader.ReadAsync(cancellation).ConfigureAwait(false);
        if (!(isMineFirst ? isFirstHeld : isSecondHeld)) throw StreamEnd.Fenced(database.Name, "");
        return (isMineFirst ? isSecondHeld : isFirstHeld) ? reader.GetInt64(0) : null;
    }

    private static NpgsqlBatchCommand Statement(string sql, params ReadOnlySpan<NpgsqlParameter> values)
    {
#pragma warning disable CA2100 // Constants; values are parameters.
        var statement = new NpgsqlBatchCommand(sql);
#pragma warning restore CA2100
        foreach (var value in values) statement.Parameters.Add(value);
        return statement;
    }

    private sealed record Start(int Node, long Tip, long After, byte[]? Hash);
}
