using Enforcer.Cluster;
using Enforcer.Journal;
using Npgsql;
using NpgsqlTypes;

namespace Enforcer.Storage.Postgres;

/// <summary>The registry of nodes in PostgreSQL: one row a node, which only that node's present process writes.</summary>
public sealed class PostgresMembers : IMembers, IAsyncDisposable
{
    private const string Read =
        "SELECT coalesce(n.name, m.name), coalesce(n.state, 0::smallint), coalesce(n.incarnation, 0), m.mark, m.owner, m.address, coalesce(m.beats, 0), coalesce(m.skew, 0), " +
        "coalesce(m.draining, false), m.active, m.lagging, m.batches, m.records, m.passed_on, m.problem FROM nodes n FULL JOIN members m ON m.name = n.name";

    private readonly Database _database;

    /// <summary>The registry beside a node's journal.</summary>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public PostgresMembers(PostgresOptions options) => _database = new Database(options);

    /// <inheritdoc/>
    public Task JoinAsync(MemberBeat beat, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(beat);
        return _database.InTransactionAsync(
            async (connection, token) => await connection.ExecuteAsync(
                "INSERT INTO members AS m(name, mark, owner, address, beats, skew, active, lagging, batches, records, passed_on, problem) " +
                "VALUES ($1, $2, $3, $4, 1, $5 - (extract(epoch FROM clock_timestamp()) * 1000)::bigint, $6, $7, $8, $9, $10, $11) " +
                "ON CONFLICT (name) DO UPDATE SET mark = excluded.mark, owner = excluded.owner, address = excluded.address, beats = m.beats + 1, draining = false",
                token,
                Values(beat)).ConfigureAwait(false),
            cancel);
    }

    /// <summary>The secret that all nodes on this database know: this one, if there is none yet.</summary>
    /// <exception cref="JournalUnavailableException">The server does not answer.</exception>
    public Task<byte[]> ShareSecretAsync(ReadOnlyMemory<byte> secret, CancellationToken cancel) => _database.InTransactionAsync(
        async (connection, token) =>
        {
            await connection.ExecuteAsync("INSERT INTO cluster(secret) VALUES ($1) ON CONFLICT DO NOTHING", token, secret.ToArray()).ConfigureAwait(false);
            return (await connection.FirstAsync("SELECT secret FROM cluster", static row => row.GetFieldValue<byte[]>(0), token).ConfigureAwait(false))!;
        },
        cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MemberRow>> BeatAsync(MemberBeat beat, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(beat);
        // What is read does not contain what is written beside it: a node needs no proof of its own heartbeat.
        return await _database.AllAsync(
            "WITH beat AS (UPDATE members SET owner = $3, address = $4, beats = beats + 1, skew = $5 - (extract(epoch FROM clock_timestamp()) * 1000)::bigint, " +
            "active = $6, lagging = $7, batches = $8, records = $9, passed_on = $10, problem = $11 WHERE name = $1 AND mark = $2) " + Read,
            Row,
            cancel,
            Values(beat)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task LeaveAsync(MemberBeat beat, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(beat);
        return _database.InTransactionAsync(
            async (connection, token) => await connection.ExecuteAsync("DELETE FROM members WHERE name = $1 AND mark = $2", token, beat.Node, beat.Mark).ConfigureAwait(false), cancel);
    }

    /// <inheritdoc/>
    public Task<bool> DrainAsync(string node, bool isDraining, CancellationToken cancel) => _database.InTransactionAsync(
        async (connection, token) => await connection.ExecuteAsync("UPDATE members SET draining = $2 WHERE name = $1", token, node, isDraining).ConfigureAwait(false) == 1,
        cancel);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static object[] Values(MemberBeat beat) =>
    [
        beat.Node,
        beat.Mark,
        beat.Owner,
        new NpgsqlParameter { Value = (object?)beat.Address?.ToString() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
        beat.ClockMs,
        beat.Health.ActiveAccounts,
        beat.Health.LaggingHeads,
        beat.Health.Batches,
        beat.Health.Records,
        beat.Health.PassedOn,
        beat.Health.Problem,
    ];

    private static MemberRow Row(NpgsqlDataReader row) => new()
    {
        Node = row.GetString(0),
        Standing = (NodeStanding)row.GetInt16(1),
        Incarnation = row.GetInt64(2),
        Beat = row.IsDBNull(3) ? null : BeatOf(row),
        Beats = row.GetInt64(6),
        ClockSkewMs = row.GetInt64(7),
        IsDraining = row.GetBoolean(8),
    };

    private static MemberBeat BeatOf(NpgsqlDataReader row) => new()
    {
        Node = row.GetString(0),
        Mark = row.GetGuid(3),
        Owner = row.GetString(4),
        Address = row.IsDBNull(5) ? null : new Uri(row.GetString(5)),
        Health = new MemberHealth
        {
            ActiveAccounts = row.GetInt64(9),
            LaggingHeads = row.GetInt64(10),
            Batches = row.GetInt64(11),
            Records = row.GetInt64(12),
            PassedOn = row.GetInt64(13),
            Problem = row.GetString(14),
        },
    };
}
