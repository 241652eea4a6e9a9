using Enforcer.Journal;
using Npgsql;

namespace Enforcer.Storage.Postgres;

/// <summary>The tables of schema <c>enforcer</c> and their version; docs/journal-format.md describes them.</summary>
internal static class JournalSchema
{
    /// <summary>The version that this code writes.</summary>
    public const int Version = 1;

    /// <summary>"ENFORCER": taken while tables are made or changed, so that nodes that start together do it once.</summary>
    private const long AdvisoryLock = 0x454E_464F_5243_4552;

    // Rows that change with every batch lie alone on wide pages, so that their new versions find room on the same page.
    private const string Tables =
        """
        CREATE TABLE nodes(
            node int PRIMARY KEY, name text NOT NULL UNIQUE, session uuid NOT NULL, owner text NOT NULL, state smallint NOT NULL,
            incarnation bigint NOT NULL, revocations bigint NOT NULL) WITH (fillfactor = 20);
        CREATE TABLE tips(
            node int PRIMARY KEY REFERENCES nodes, tip bigint NOT NULL, tip_hash bytea NOT NULL, tip_first_at bigint NOT NULL,
            room bigint NOT NULL) WITH (fillfactor = 10);
        CREATE TABLE covers(node int PRIMARY KEY REFERENCES nodes, through bigint NOT NULL) WITH (fillfactor = 20);
        CREATE TABLE batches(
            number bigint PRIMARY KEY, first_at bigint NOT NULL, entries int NOT NULL, hash bytea NOT NULL,
            payload bytea NOT NULL) PARTITION BY RANGE (number);
        ALTER TABLE batches ALTER COLUMN payload SET STORAGE EXTERNAL;
        CREATE INDEX batches_first_at ON batches(first_at, number);
        CREATE TABLE partitions(
            from_number bigint PRIMARY KEY, to_number bigint NOT NULL, node int NOT NULL, name text NOT NULL, archived_at timestamptz);
        CREATE TABLE heads(
            account bigint PRIMARY KEY, node int NOT NULL, epoch bigint NOT NULL,
            seq bigint NOT NULL, last_batch bigint NOT NULL, crc bigint NOT NULL,
            snap_seq bigint NOT NULL, snap_batch bigint NOT NULL, snap_crc bigint NOT NULL,
            next_expiry bigint, snapshot bytea NOT NULL) WITH (fillfactor = 80);
        CREATE INDEX heads_next_expiry ON heads(node, next_expiry) WHERE next_expiry IS NOT NULL;
        CREATE TABLE revoked(node int NOT NULL, revocation bigint NOT NULL, account bigint NOT NULL, PRIMARY KEY (node, revocation, account));
        CREATE TABLE ledger(
            account bigint NOT NULL, seq bigint NOT NULL, batch bigint NOT NULL, crc bigint NOT NULL, at bigint NOT NULL,
            PRIMARY KEY (account, seq));
        """;

    /// <summary>Makes the tables if there are none; refuses those of a newer version and changes nothing then.</summary>
    /// <exception cref="JournalFormatException">A newer version made them.</exception>
    public static async Task PrepareAsync(NpgsqlConnection connection, string name, CancellationToken cancellation)
    {
        var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        await LockAsync(connection, cancellation).ConfigureAwait(false);
        await connection.ExecuteAsync(
            "CREATE SCHEMA IF NOT EXISTS enforcer; CREATE TABLE IF NOT EXISTS enforcer.schema_version(version int NOT NULL)", cancellation)
            .ConfigureAwait(false);
        var found = await ReadVersionAsync(connection, cancellation).ConfigureAwait(false);
        Require(found, name);
        if (found == 0)
        {
            await connection.ExecuteAsync(Tables, cancellation).ConfigureAwait(false);
            await connection.ExecuteAsync("INSERT INTO schema_version VALUES ($1)", cancellation, Version).ConfigureAwait(false);
        }
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Waits until nobody else makes or changes tables, and keeps others waiting until the transaction ends.</summary>
    public static Task LockAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        connection.ExecuteAsync("SELECT pg_advisory_xact_lock($1)", cancellation, AdvisoryLock);

    /// <summary>For those who only read.</summary>
    /// <exception cref="JournalUnavailableException">There is no journal.</exception>
    /// <exception cref="JournalFormatException">A newer version made it.</exception>
    public static async Task RequireAsync(NpgsqlConnection connection, string name, CancellationToken cancellation)
    {
        var isThere = await connection.FirstAsync(
            "SELECT to_regclass('enforcer.schema_version') IS NOT NULL", static row => row.GetBoolean(0) ? "" : null!, cancellation)
            .ConfigureAwait(false);
        if (isThere is null) throw new JournalUnavailableException($"{name}: there is no journal. Name the database that the nodes use.");
        Require(await ReadVersionAsync(connection, cancellation).ConfigureAwait(false), name);
    }

    private static void Require(int found, string name)
    {
        if (found <= Version) return;
        throw new JournalFormatException(
            $"{name}: its tables are version {found}, this program knows versions 1 to {Version}. Use the newer program that made them.");
    }

    private static async Task<int> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var command = connection.Command("SELECT coalesce(max(version), 0) FROM schema_version");
        await using var _ = command.ConfigureAwait(false);
        return (int)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }
}
