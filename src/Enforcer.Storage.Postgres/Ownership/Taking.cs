using Enforcer.Journal;
using Enforcer.Journal.Reading;
using Npgsql;
using NpgsqlTypes;

namespace Enforcer.Storage.Postgres;

/// <summary>
/// Takes accounts from a living node. Where they end is read from the owner's stream while it goes on writing; only the last few batches are read
/// while its row is held.
/// </summary>
internal sealed class Taking(Database database, Func<NodeClaim> claim)
{
    private const int FewBatches = 16;
    private const int MostRounds = 8;

    public async Task<IReadOnlyList<long>> TakeAsync(string node, IReadOnlyCollection<long> accounts, long? revocations, CancellationToken cancellation)
    {
        var wanted = accounts.Distinct().Order().ToArray();
        if (await FindStartAsync(node, wanted, cancellation).ConfigureAwait(false) is not { } start) return [];
        var scan = await StreamReading.BeginAsync(database, start.After, wanted, cancellation).ConfigureAwait(false);
        var tip = start.Tip;
        for (var round = 0; round < MostRounds && tip - scan.Through > FewBatches; round++)
        {
            await StreamReading.ReadOnAsync(database, scan, tip, cancellation).ConfigureAwait(false);
            tip = await ReadTipAsync(start.Node, cancellation).ConfigureAwait(false);
        }
        return await database.InTransactionAsync(connection => TakeAsync(connection, start.Node, revocations, wanted, scan, cancellation), cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// The batch up to which the accounts' heads are complete: that of the cursor, or the one before the head's own, in which later records may stand.
    /// </summary>
    private async Task<Start?> FindStartAsync(string node, long[] wanted, CancellationToken cancellation)
    {
        var start = await database.FirstAsync(
            "SELECT n.node, t.tip, c.through, min(CASE WHEN h.last_batch > c.through AND h.last_batch <= t.tip THEN h.last_batch - 1 ELSE c.through END) " +
            "FROM nodes n JOIN tips t ON t.node = n.node JOIN covers c ON c.node = n.node JOIN heads h ON h.node = n.node " +
            "WHERE n.name = $1 AND h.account = ANY($2) GROUP BY n.node, t.tip, c.through",
            static row => new Start(row.GetInt32(0), row.GetInt64(1), row.GetInt64(3)),
            cancellation,
            node,
            wanted).ConfigureAwait(false);
        return start?.Node == claim().Node ? null : start;
    }

    private async Task<long> ReadTipAsync(int node, CancellationToken cancellation) => (long)(await database.FirstAsync(
        "SELECT tip FROM tips WHERE node = $1", static row => (object)row.GetInt64(0), cancellation, node).ConfigureAwait(false))!;

    private async Task<IReadOnlyList<long>> TakeAsync(
        NpgsqlConnection connection, int from, long? revocations, long[] wanted, TailScan scan, CancellationToken cancellation)
    {
        if (!await HoldAsync(connection, from, revocations, cancellation).ConfigureAwait(false)) return [];
        await StreamReading.ReadOnAsync(database, scan, await ReadTipAsync(from, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        var tails = scan.Tails.Values.ToArray();
        var command = connection.Command(
            "WITH g AS (SELECT * FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[]) AS g(account, seq, batch, crc)) " +
            "UPDATE heads h SET node = $1, epoch = h.epoch + 1, seq = coalesce(n.seq, h.seq), last_batch = coalesce(n.batch, h.last_batch), " +
            "crc = coalesce(n.crc, h.crc), next_expiry = CASE WHEN n.seq IS NULL THEN h.next_expiry ELSE 0 END FROM heads o LEFT JOIN g n ON n.account = o.account AND n.seq > o.seq " +
            "WHERE o.account = h.account AND h.node = $2 AND h.account = ANY($7) RETURNING h.account",
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
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) taken.Add(reader.GetInt64(0));
        }
        if (taken.Count == 0) return taken;
        await connection.ExecuteAsync(
            "WITH raised AS (UPDATE nodes SET revocations = revocations + 1 WHERE node = $1 RETURNING node, revocations) " +
            "INSERT INTO revoked SELECT node, revocations, unnest($2::bigint[]) FROM raised",
            cancellation,
            from,
            taken.ToArray()).ConfigureAwait(false);
        return taken;
    }

    /// <summary>
    /// Holds both nodes' rows, in the order of their numbers, so that two nodes that take from each other do not wait in a circle; false if the owner was
    /// replaced, after which its accounts are claimed, or does not let them go any more.
    /// </summary>
    private async Task<bool> HoldAsync(NpgsqlConnection connection, int from, long? revocations, CancellationToken cancellation)
    {
        var mine = claim();
        bool isLiving = false, isOwner = false;
        foreach (var node in (int[])[Math.Min(mine.Node, from), Math.Max(mine.Node, from)])
        {
            if (node == mine.Node)
            {
                isLiving = await connection.FirstAsync(
                    "SELECT node FROM nodes WHERE node = $1 AND session = $2 FOR SHARE", static row => (object)row.GetInt32(0), cancellation, node, mine.Session)
                    .ConfigureAwait(false) is not null;
            }
            else
            {
                isOwner = await connection.FirstAsync(
                    "SELECT node FROM nodes WHERE node = $1 AND state = 1 AND revocations = coalesce($2, revocations) FOR NO KEY UPDATE",
                    static row => (object)row.GetInt32(0),
                    cancellation,
                    node,
                    new NpgsqlParameter { Value = (object?)revocations ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint }).ConfigureAwait(false) is not null;
            }
        }
        return isLiving ? isOwner : throw StreamEnd.Fenced(database.Name, "");
    }

    private sealed record Start(int Node, long Tip, long After);
}
