using System.Collections.Concurrent;
using Enforcer.Cluster;
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
/// Accounts wait for this, and so do the owner's appends while its row is held: what can be asked together is asked in one round trip. In a planned move,
/// where the owner has just written the accounts' heads, there are three: hold and read, take, commit.
/// </remarks>
internal sealed class Taking(Database database, Func<NodeClaim> claim)
{
    private const long FewBatches = 16;
    private const int MostRounds = 8;

    private const string FindNode = "SELECT node FROM nodes WHERE name = $1";

    private const string HoldMine = "SELECT node FROM nodes WHERE node = $1 AND session = $2 FOR SHARE";

    private const string HoldOwner = "SELECT node FROM nodes WHERE node = $1 AND state = 1 AND revocations = coalesce($2, revocations) FOR NO KEY UPDATE";

    /// <summary>
    /// Where the stream ends, and its first batches from where it is to be read: after the batch up to which it was read before ($4), or up to which the
    /// accounts' heads are complete. That is the cursor's, or the one before the head's own, in which later records may stand, or what the owner says. What
    /// it says may be old, but heads that are complete up to a batch stay so.
    /// </summary>
    private const string ReadNear =
        "WITH start AS (SELECT t.tip, coalesce($4, greatest(least($3, t.tip), min(CASE WHEN h.last_batch > c.through AND h.last_batch <= t.tip " +
        "THEN h.last_batch - 1 ELSE c.through END))) AS after FROM tips t JOIN covers c ON c.node = t.node JOIN heads h ON h.node = t.node " +
        "WHERE t.node = $1 AND h.account = ANY($2) GROUP BY t.tip, c.through) " +
        "SELECT s.tip, s.after, b.number, b.first_at, b.entries, b.hash, b.payload FROM start s " +
        "LEFT JOIN batches b ON b.number BETWEEN s.after AND least(s.tip, s.after + $5) ORDER BY b.number";

    private const string Take =
        "WITH g AS (SELECT * FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[]) AS g(account, seq, batch, crc)), " +
        "taken AS (UPDATE heads h SET node = $1, epoch = h.epoch + 1, seq = coalesce(n.seq, h.seq), last_batch = coalesce(n.batch, h.last_batch), " +
        "crc = coalesce(n.crc, h.crc), next_expiry = CASE WHEN n.seq IS NULL THEN h.next_expiry ELSE 0 END FROM heads o LEFT JOIN g n ON n.account = o.account AND n.seq > o.seq " +
        "WHERE o.account = h.account AND h.node = $2 AND h.account = ANY($7) RETURNING h.account, h.epoch), " +
        "raised AS (UPDATE nodes SET revocations = revocations + 1 WHERE node = $2 AND EXISTS(SELECT 1 FROM taken) RETURNING revocations), " +
        "noted AS (INSERT INTO revoked SELECT $2, r.revocations, t.account FROM raised r, taken t) SELECT account, epoch FROM taken";

    /// <summary>Numbers of nodes by their names: a node that is once known keeps its number for ever.</summary>
    private readonly ConcurrentDictionary<string, int> _numbers = new();

    public async Task<IReadOnlyList<TakenAccount>> TakeAsync(
        string node, IReadOnlyCollection<long> accounts, long? revocations, long coveredThrough, CancellationToken cancellation)
    {
        if (await NumberOfAsync(node, cancellation).ConfigureAwait(false) is not { } from || from == claim().Node) return [];
        var wanted = accounts.Distinct().Order().ToArray();
        TailScan? scan = null;
        for (var round = 0; ; round++)
        {
            var isLast = round == MostRounds;
            var (taken, tip) = await database.InTransactionAsync(
                async (connection, token) =>
                {
                    if (await HoldAsync(connection, from, revocations, wanted, coveredThrough, scan?.Through, token).ConfigureAwait(false) is not { } near)
                        return ([], 0);
                    scan = Add(near, scan, wanted);
                    // Too much is left to be read while the owner waits.
                    if (near.Tip != scan.Through && !isLast) return (null, near.Tip);
                    await StreamReading.ReadOnAsync(database, scan, near.Tip, token).ConfigureAwait(false);
                    return (Taken: (IReadOnlyList<TakenAccount>?)await TakeAsync(connection, from, scan, wanted, token).ConfigureAwait(false), near.Tip);
                },
                cancellation).ConfigureAwait(false);
            if (taken is not null) return taken;
            await StreamReading.ReadOnAsync(database, scan!, tip, cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask<int?> NumberOfAsync(string node, CancellationToken cancellation)
    {
        if (_numbers.TryGetValue(node, out var known)) return known;
        if (await database.FirstAsync(FindNode, static row => (object)row.GetInt32(0), cancellation, node).ConfigureAwait(false) is not int number) return null;
        return _numbers[node] = number;
    }

    private TailScan Add(Near near, TailScan? scan, long[] wanted)
    {
        var batches = near.Batches.AsSpan();
        var isStartThere = !batches.IsEmpty && batches[0].Number == near.After;
        scan ??= StreamReading.Begin(database, near.After, isStartThere ? batches[0].Hash.ToArray() : null, wanted);
        foreach (var batch in isStartThere ? batches[1..] : batches) scan.Add(batch);
        return scan;
    }

    /// <summary>
    /// Holds both nodes' rows, in the order of their numbers, so that two nodes that take from each other do not wait in a circle; answers where the owner's
    /// stream then ends, and what is to be read of it. Null if it has none of the accounts, or was replaced, after which its accounts are claimed, or does
    /// not let them go any more.
    /// </summary>
    private async Task<Near?> HoldAsync(
        NpgsqlConnection connection, int from, long? revocations, long[] wanted, long coveredThrough, long? readThrough, CancellationToken cancellation)
    {
        var mine = claim();
        var batch = connection.CreateBatch();
        await using var _ = batch.ConfigureAwait(false);
        var isMineFirst = mine.Node < from;
        batch.BatchCommands.Add(Statement(HoldOwner, Value(from), Count(revocations)));
        batch.BatchCommands.Insert(isMineFirst ? 0 : 1, Statement(HoldMine, Value(mine.Node), Value(mine.Session)));
        // A statement of its own sees what was committed while the rows were waited for.
        batch.BatchCommands.Add(Statement(ReadNear, Value(from), Value(wanted), Count(coveredThrough), Count(readThrough), Count(FewBatches)));
        var reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        var isFirstHeld = await reader.ReadAsync(cancellation).ConfigureAwait(false);
        await reader.NextResultAsync(cancellation).ConfigureAwait(false);
        var isSecondHeld = await reader.ReadAsync(cancellation).ConfigureAwait(false);
        await reader.NextResultAsync(cancellation).ConfigureAwait(false);
        if (!(isMineFirst ? isFirstHeld : isSecondHeld)) throw StreamEnd.Fenced(database.Name, "");
        if (!(isMineFirst ? isSecondHeld : isFirstHeld) || !await reader.ReadAsync(cancellation).ConfigureAwait(false)) return null;
        var (tip, after, batches) = (reader.GetInt64(0), reader.GetInt64(1), new List<StoredBatch>());
        do
        {
            if (!await reader.IsDBNullAsync(2, cancellation).ConfigureAwait(false)) batches.Add(PostgresJournalStore.ReadBatch(reader, 2));
        }
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false));
        return new Near(tip, after, [.. batches]);
    }

    private async Task<List<TakenAccount>> TakeAsync(NpgsqlConnection connection, int from, TailScan scan, long[] wanted, CancellationToken cancellation)
    {
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
        var taken = new List<TakenAccount>();
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) taken.Add(new TakenAccount(reader.GetInt64(0), reader.GetInt64(1)));
        return taken;
    }

    private static NpgsqlParameter Value(object value) => new() { Value = value };

    private static NpgsqlParameter Count(long? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };

    private static NpgsqlBatchCommand Statement(string sql, params ReadOnlySpan<NpgsqlParameter> values)
    {
#pragma warning disable CA2100 // Constants; values are parameters.
        var statement = new NpgsqlBatchCommand(sql);
#pragma warning restore CA2100
        foreach (var value in values) statement.Parameters.Add(value);
        return statement;
    }

    /// <summary>The end of the owner's stream, and its first batches from the one after which it is to be read; that one first, if it is there.</summary>
    private sealed record Near(long Tip, long After, StoredBatch[] Batches);
}
