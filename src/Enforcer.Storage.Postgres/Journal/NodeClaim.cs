using Enforcer.Journal;
using Npgsql;

namespace Enforcer.Storage.Postgres;

/// <summary>What a node holds from the moment at which it opened the journal.</summary>
/// <param name="Node">Its number, which is also its stream's.</param>
/// <param name="Session">The mark of this opening; whoever opens or takes over after it puts another one in its place.</param>
/// <param name="Revocations">How often accounts had been taken from it by then.</param>
internal sealed record NodeClaim(int Node, Guid Session, long Revocations)
{
    private const int MaxOwnerChars = 200;

    /// <summary>The node's row is made if it is new; its incarnation rises, so that whoever had the name before can append no more.</summary>
    /// <exception cref="JournalCorruptException">The end of the stream is not what was filed as its end; nothing is claimed then.</exception>
    public static async Task<NodeClaim> MakeAsync(NpgsqlConnection connection, string node, string owner, string name, CancellationToken cancellation)
    {
        var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        await RegisterAsync(connection, node, cancellation).ConfigureAwait(false);
        var claim = (await connection.FirstAsync(
            "UPDATE nodes SET session = gen_random_uuid(), owner = $2, state = 1, incarnation = incarnation + 1 WHERE name = $1 " +
            "RETURNING node, session, revocations",
            static row => new NodeClaim(row.GetInt32(0), row.GetGuid(1), row.GetInt64(2)),
            cancellation,
            node,
            owner.Length > MaxOwnerChars ? owner[..MaxOwnerChars] : owner).ConfigureAwait(false))!;
        // A new opening holds no accounts in memory, so it has nothing to give up.
        await connection.ExecuteAsync("DELETE FROM revoked WHERE node = $1", cancellation, claim.Node).ConfigureAwait(false);
        await StreamEnd.ReadAsync(connection, claim.Node, claim.Session, name, cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return claim;
    }

    private static async Task RegisterAsync(NpgsqlConnection connection, string node, CancellationToken cancellation)
    {
        var isKnown = await connection.FirstAsync("SELECT name FROM nodes WHERE name = $1", static row => row.GetString(0), cancellation, node)
            .ConfigureAwait(false);
        if (isKnown is not null) return;
        // Numbers are given without gaps, one node after the other.
        await Schema.LockAsync(connection, cancellation).ConfigureAwait(false);
        await connection.ExecuteAsync(
            "INSERT INTO nodes SELECT coalesce(max(node) + 1, 0), $1, gen_random_uuid(), '', 1, 0, 0 FROM nodes ON CONFLICT (name) DO NOTHING",
            cancellation,
            node).ConfigureAwait(false);
        var number = await connection.FirstAsync("SELECT node FROM nodes WHERE name = $1", static row => (object)row.GetInt32(0), cancellation, node)
            .ConfigureAwait(false);
        var origin = BatchNumber.OriginOf((int)number!);
        await connection.ExecuteAsync(
            "INSERT INTO tips VALUES ($1, $2, decode(repeat('00', 32), 'hex'), 0, $2 + 1) ON CONFLICT DO NOTHING", cancellation, number, origin)
            .ConfigureAwait(false);
        await connection.ExecuteAsync("INSERT INTO covers VALUES ($1, $2) ON CONFLICT DO NOTHING", cancellation, number, origin).ConfigureAwait(false);
    }
}
