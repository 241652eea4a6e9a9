using Enforcer.Journal;
using Enforcer.Journal.Reading;
using Npgsql;
using NpgsqlTypes;

namespace Enforcer.Storage.Postgres;

/// <summary>
/// Replaces a dead node. First it is fenced off: its incarnation rises, so that whatever it still sends is refused. Then what it left behind is
/// completed: every account's head gets to know where the account ends. Only then may its accounts be claimed. Each step can be repeated.
/// </summary>
/// <remarks>
/// A head that lies behind its account's end does not know what has become due since its snapshot. It is made due at once: whoever has the account next
/// looks at it soon, also if nobody asks for it, and writes a head that knows. Else a reservation that was made last before the node died would end only
/// when the account is asked for again.
/// </remarks>
internal sealed class Takeover(Database database, Func<NodeClaim> claim)
{
    private const int HeadsAtOnce = 4_096;
    private const int FenceAttempts = 5;

    public async Task<bool> RunAsync(string node, long incarnation, CancellationToken cancellation)
    {
        if (await FenceAsync(node, incarnation, cancellation).ConfigureAwait(false) is not { } left) return false;
        if (left.State == NodeState.Replaced) return true;
        var scan = await StreamReading.BeginAsync(database, left.CoveredThrough, null, cancellation).ConfigureAwait(false);
        await StreamReading.ReadOnAsync(database, scan, left.Tip, cancellation).ConfigureAwait(false);
        foreach (var some in scan.Tails.Values.OrderBy(tail => tail.Account).Chunk(HeadsAtOnce))
        {
            if (!await CompleteAsync(left, some, cancellation).ConfigureAwait(false)) return false;
        }
        return await FinishAsync(left, cancellation).ConfigureAwait(false);
    }

    /// <summary>Raises the incarnation, or finds that somebody has; null if the node has come back.</summary>
    private async Task<Left?> FenceAsync(string node, long incarnation, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await database.InTransactionAsync((connection, token) => FenceAsync(connection, node, incarnation, token), cancellation).ConfigureAwait(false);
            }
            catch (JournalUnavailableException error)
                when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } && attempt < FenceAttempts)
            {
                // A connection of the dead node holds its row: it was cut between two packets of one statement. It will never end by itself.
                await database.FirstAsync(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()",
                    static row => (object)row.GetInt64(0),
                    cancellation,
                    Database.ApplicationNameOf(node)).ConfigureAwait(false);
            }
        }
    }

    private async Task<Left?> FenceAsync(NpgsqlConnection connection, string node, long incarnation, CancellationToken cancellation)
    {
        var mine = claim();
        await connection.ExecuteAsync("SET LOCAL lock_timeout = '500ms'", cancellation).ConfigureAwait(false);
        var isLiving = await connection.FirstAsync(
            "SELECT node FROM nodes WHERE node = $1 AND session = $2 FOR SHARE", static row => (object)row.GetInt32(0), cancellation, mine.Node, mine.Session)
            .ConfigureAwait(false) is not null;
        if (!isLiving) throw StreamEnd.Fenced(database.Name, "");
        await connection.ExecuteAsync(
            "UPDATE nodes SET session = gen_random_uuid(), incarnation = incarnation + 1, state = 2 " +
            "WHERE name = $1 AND state = 1 AND incarnation = $2 AND node <> $3",
            cancellation,
            node,
            incarnation,
            mine.Node).ConfigureAwait(false);
        // The row is held: what the tip says now is the end for good.
        var left = await connection.FirstAsync(
            "SELECT n.node, n.state, n.incarnation, t.tip, c.through FROM nodes n JOIN tips t ON t.node = n.node JOIN covers c ON c.node = n.node WHERE n.name = $1",
            static row => new Left(row.GetInt32(0), (NodeState)row.GetInt16(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)),
            cancellation,
            node).ConfigureAwait(false);
        return left is { State: NodeState.Living } ? null : left;
    }

    private Task<bool> CompleteAsync(Left left, AccountTail[] tails, CancellationToken cancellation) => database.InTransactionAsync(
        async (connection, token) =>
        {
            if (!await IsStillAsync(connection, left, token).ConfigureAwait(false)) return false;
            var command = connection.Command(
                "INSERT INTO heads AS h SELECT g.account, $1, 1, g.seq, g.batch, g.crc, 0, 0, 0, 0, '' " +
                "FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) AS g(account, seq, batch, crc) ORDER BY g.account " +
                "ON CONFLICT (account) DO UPDATE SET seq = excluded.seq, last_batch = excluded.last_batch, crc = excluded.crc, next_expiry = 0 " +
                "WHERE h.node = excluded.node AND h.seq < excluded.seq",
                left.Node);
            await using var _ = command.ConfigureAwait(false);
            Add(command, tails, static tail => tail.Account);
            Add(command, tails, static tail => tail.Seq);
            Add(command, tails, static tail => tail.LastBatch);
            Add(command, tails, static tail => tail.Crc);
            await command.ExecuteNonQueryAsync(token).ConfigureAwait(false);
            return true;
        },
        cancellation);

    private Task<bool> FinishAsync(Left left, CancellationToken cancellation) => database.InTransactionAsync(
        async (connection, token) =>
        {
            if (!await IsStillAsync(connection, left, token).ConfigureAwait(false)) return false;
            await connection.ExecuteAsync("UPDATE covers SET through = greatest(through, $2) WHERE node = $1", token, left.Node, left.Tip).ConfigureAwait(false);
            await connection.ExecuteAsync("UPDATE nodes SET state = 3 WHERE node = $1", token, left.Node).ConfigureAwait(false);
            return true;
        },
        cancellation);

    /// <summary>Keeps the node from coming back until the transaction ends; false if it has, or if it needs no completing any more.</summary>
    private static async Task<bool> IsStillAsync(NpgsqlConnection connection, Left left, CancellationToken cancellation) => await connection.FirstAsync(
        "SELECT node FROM nodes WHERE node = $1 AND incarnation = $2 AND state <> 1 FOR NO KEY UPDATE",
        static row => (object)row.GetInt32(0),
        cancellation,
        left.Node,
        left.Incarnation).ConfigureAwait(false) is not null;

    private static void Add(NpgsqlCommand command, AccountTail[] tails, Func<AccountTail, long> value) => command.Parameters.Add(
        new NpgsqlParameter { Value = Array.ConvertAll(tails, tail => value(tail)), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });

    /// <summary>What a dead node left.</summary>
    private sealed record Left(int Node, NodeState State, long Incarnation, long Tip, long CoveredThrough);
}
