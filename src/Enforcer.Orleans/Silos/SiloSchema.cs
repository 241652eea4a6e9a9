using Npgsql;

namespace Enforcer.Orleans;

/// <summary>
/// The cluster's own tables, in the journal's schema, and the statements by which the ADO.NET providers reach them: they look each up by its name in
/// <c>OrleansQuery</c> and know nothing of the tables. Nothing of what is here decides about money.
/// </summary>
internal static class SiloSchema
{
    /// <summary>"ENFORCER": the lock that whoever makes tables takes.</summary>
    private const long AdvisoryLock = 0x454E_464F_5243_4552;

    private const string Tables =
        """
        CREATE SCHEMA IF NOT EXISTS enforcer;
        CREATE TABLE IF NOT EXISTS enforcer.orleansquery(querykey text PRIMARY KEY, querytext text NOT NULL);
        CREATE TABLE IF NOT EXISTS enforcer.silo_clusters(cluster text PRIMARY KEY, version int NOT NULL);
        CREATE TABLE IF NOT EXISTS enforcer.silos(
            cluster text NOT NULL REFERENCES enforcer.silo_clusters, address text NOT NULL, port int NOT NULL, generation int NOT NULL,
            name text NOT NULL, host text NOT NULL, status int NOT NULL, proxy_port int NOT NULL, suspects text,
            started timestamptz NOT NULL, alive timestamptz NOT NULL, PRIMARY KEY (cluster, address, port, generation));
        CREATE TABLE IF NOT EXISTS enforcer.reminders(
            service text NOT NULL, grain text NOT NULL, name text NOT NULL, hash int NOT NULL, start timestamptz NOT NULL, period bigint NOT NULL,
            version int NOT NULL, PRIMARY KEY (service, grain, name));
        CREATE INDEX IF NOT EXISTS reminders_hash ON enforcer.reminders(service, hash);
        CREATE TABLE IF NOT EXISTS enforcer.grain_states(
            service text NOT NULL, type text NOT NULL, n0 bigint NOT NULL, n1 bigint NOT NULL, key text NOT NULL, payload bytea,
            version int NOT NULL, PRIMARY KEY (service, type, n0, n1, key));
        """;

    /// <summary>Makes what is not there; silos that start together do it once.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="NpgsqlException">The database cannot be reached, or does not let this user make tables.</exception>
    public static async Task PrepareAsync(string connectionString, CancellationToken cancel)
    {
        var connection = new NpgsqlConnection(connectionString);
        await using var _ = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancel).ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(cancel).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({AdvisoryLock})", cancel).ConfigureAwait(false);
        await ExecuteAsync(connection, Tables, cancel).ConfigureAwait(false);
        foreach (var (key, text) in SiloQueries.All)
        {
            await ExecuteAsync(
                connection,
                "INSERT INTO enforcer.orleansquery VALUES ($1, $2) ON CONFLICT (querykey) DO UPDATE SET querytext = excluded.querytext",
                cancel,
                key,
                text).ConfigureAwait(false);
        }
        await transaction.CommitAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>The same database, with the schema in which the providers' names are looked up.</summary>
    public static string Reaching(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = "enforcer" }.ConnectionString;

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel, params string[] values)
    {
#pragma warning disable CA2100 // Every caller passes a constant; values are parameters.
        var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await using var _ = command.ConfigureAwait(false);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(cancel).ConfigureAwait(false);
    }
}
