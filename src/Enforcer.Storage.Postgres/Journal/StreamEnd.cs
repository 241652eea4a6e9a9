using Enforcer.Journal;
using Npgsql;

namespace Enforcer.Storage.Postgres;

/// <summary>Where a node's stream ends.</summary>
internal static class StreamEnd
{
    /// <summary>As it was filed: tip, its hash and time, incarnation, and how far heads reach; whose session it is; where there is room up to.</summary>
    public const string Filed =
        "SELECT t.tip, t.tip_hash, t.tip_first_at, n.incarnation, c.through, n.session, n.owner FROM nodes n " +
        "JOIN tips t ON t.node = n.node JOIN covers c ON c.node = n.node ";

    /// <summary>Reads it, and checks that the session still is the node's and that the last batch is the one that was filed as the last.</summary>
    /// <exception cref="JournalFencedException">Somebody else has opened or taken over the stream.</exception>
    /// <exception cref="JournalCorruptException">It was cut or edited.</exception>
    public static async Task<JournalTip> ReadAsync(NpgsqlConnection connection, int node, Guid session, string name, CancellationToken cancellation)
    {
        var filed = await connection.FirstAsync(
            Filed + "WHERE n.node = $1", static row => new { Tip = Tip(row), Session = row.GetGuid(5), Owner = row.GetString(6) }, cancellation, node)
            .ConfigureAwait(false);
        if (filed is null) throw new JournalCorruptException($"{name}: the row of node {node} is missing. Restore a backup.");
        if (filed.Session != session) throw Fenced(name, filed.Owner);
        var last = await connection.FirstAsync(
            "SELECT number, hash FROM batches WHERE number > $1 AND number <= $2 ORDER BY number DESC LIMIT 1",
            static row => new { Number = row.GetInt64(0), Hash = row.GetFieldValue<byte[]>(1) },
            cancellation,
            BatchNumber.OriginOf(filed.Tip.Batch),
            BatchNumber.EndOf(filed.Tip.Batch)).ConfigureAwait(false);
        if ((last?.Number ?? BatchNumber.OriginOf(filed.Tip.Batch)) != filed.Tip.Batch || (last is not null && !last.Hash.AsSpan().SequenceEqual(filed.Tip.Hash.Span)))
        {
            throw new JournalCorruptException(
                $"{name}: the stream of node {node} ends with batch {last?.Number ?? 0}, but batch {filed.Tip.Batch} was filed as its last: it was cut or " +
                "edited. Run `enforcer verify`, and restore a backup.")
            { Batch = filed.Tip.Batch };
        }
        return filed.Tip;
    }

    /// <summary>What <see cref="Filed"/> reads.</summary>
    public static JournalTip Tip(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4));

    public static JournalFencedException Fenced(string name, string owner) => new(
        $"{name}: this node was replaced ({(owner.Length == 0 ? "nobody else has opened it yet" : $"now owned by {owner}")}). It may not write any more; start it anew, " +
        "under a name of its own if another one runs under this name.");
}
