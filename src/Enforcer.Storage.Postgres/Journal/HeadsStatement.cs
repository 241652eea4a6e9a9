using Enforcer.Journal;
using Npgsql;
using NpgsqlTypes;

namespace Enforcer.Storage.Postgres;

/// <summary>
/// Writes heads, the ledger's index and the cursor in one statement, under the same fence as an append, and deletes what the node was told of accounts that
/// were taken and knows by now: nobody waits for that here.
/// </summary>
internal static class HeadsStatement
{
    /// <summary>An account gets a mark in the ledger's index every so many entries: from there its history is walked back.</summary>
    public const int EntriesPerMark = 256;

    // Heads in the order of accounts, so that two statements never wait for each other in a circle. A head goes in only if the account still is
    // this node's, and never over a newer one; an end that is known to lie behind the snapshot stays.
    private static readonly string Sql =
        $"""
        WITH fence AS (SELECT node FROM nodes WHERE node = $1 AND session = $2 FOR SHARE),
        given AS (SELECT DISTINCT ON (account) * FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bytea[])
            AS g(account, seq, batch, crc, next_expiry, snapshot) ORDER BY account, seq DESC),
        marked AS (INSERT INTO ledger(account, seq, batch, crc, at)
            SELECT g.account, g.seq, g.batch, g.crc, coalesce((SELECT first_at FROM batches WHERE number = g.batch), 0)
            FROM fence JOIN given g ON true LEFT JOIN heads o ON o.account = g.account
            WHERE g.seq / {EntriesPerMark} > coalesce(o.snap_seq, 0) / {EntriesPerMark} AND coalesce(o.node, fence.node) = fence.node
            ON CONFLICT DO NOTHING),
        written AS (INSERT INTO heads AS h(account, node, epoch, seq, last_batch, crc, snap_seq, snap_batch, snap_crc, next_expiry, snapshot)
            SELECT g.account, fence.node, 1, g.seq, g.batch, g.crc, g.seq, g.batch, g.crc, nullif(g.next_expiry, {long.MaxValue}), g.snapshot
            FROM fence JOIN given g ON true ORDER BY g.account
            ON CONFLICT (account) DO UPDATE SET
            seq = greatest(h.seq, excluded.seq),
            last_batch = CASE WHEN excluded.seq >= h.seq THEN excluded.last_batch ELSE h.last_batch END,
            crc = CASE WHEN excluded.seq >= h.seq THEN excluded.crc ELSE h.crc END,
            snap_seq = excluded.seq, snap_batch = excluded.snap_batch, snap_crc = excluded.snap_crc,
            next_expiry = excluded.next_expiry, snapshot = excluded.snapshot
            WHERE h.node = excluded.node AND excluded.snap_seq >= h.snap_seq),
        covered AS (UPDATE covers c SET through = greatest(c.through, $9) FROM fence WHERE c.node = fence.node),
        known AS (DELETE FROM revoked r USING fence WHERE r.node = fence.node AND r.revocation <= $10)
        SELECT node FROM fence
        """;

    /// <summary>Runs it; false if the node was replaced.</summary>
    public static async Task<bool> TryWriteAsync(
        NpgsqlConnection connection, NodeClaim claim, IReadOnlyList<AccountHead> heads, long coveredThrough, long knownRevocations, CancellationToken cancellation)
    {
        var command = new NpgsqlCommand(Sql, connection);
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter { Value = claim.Node });
        command.Parameters.Add(new NpgsqlParameter { Value = claim.Session });
        Add(command, heads, static head => head.Account);
        Add(command, heads, static head => head.Seq);
        Add(command, heads, static head => head.LastBatch);
        Add(command, heads, static head => (long)head.Crc);
        Add(command, heads, static head => head.NextExpiryMs);
        var snapshots = new byte[heads.Count][];
        for (var i = 0; i < snapshots.Length; i++) snapshots[i] = heads[i].Snapshot.ToArray();
        command.Parameters.Add(new NpgsqlParameter { Value = snapshots, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        command.Parameters.Add(new NpgsqlParameter { Value = coveredThrough });
        command.Parameters.Add(new NpgsqlParameter { Value = knownRevocations });
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is not null;
    }

    private static void Add(NpgsqlCommand command, IReadOnlyList<AccountHead> heads, Func<AccountHead, long> value)
    {
        var values = new long[heads.Count];
        for (var i = 0; i < values.Length; i++) values[i] = value(heads[i]);
        command.Parameters.Add(new NpgsqlParameter { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
    }
}
