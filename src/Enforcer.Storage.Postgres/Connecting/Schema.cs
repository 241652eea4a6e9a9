using Enforcer.Journal;
using Npgsql;

namespace Enforcer.Storage.Postgres;

/// <summary>The tables of schema <c>enforcer</c> and their version; docs/journal-format.md describes them.</summary>
internal static class Schema
{
    /// <summary>"ENFORCER": taken while tables are made or changed, so that nodes that start together do it once.</summary>
    private const long AdvisoryLock = 0x454E_464F_5243_4552;

    /// <summary>What makes each version from the one before it.</summary>
    private static readonly string[] Versions = [JournalTables.Sql, DirectoryTables.Sql, PriceTables.Sql, MemberTables.Sql];

    /// <summary>Makes the tables, or those that came with later versions; refuses those of a newer version and changes nothing then.</summary>
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
        for (var version = found + 1; version <= Versions.Length; version++)
        {
            await connection.ExecuteAsync(Versions[version - 1], cancellation).ConfigureAwait(false);
            await connection.ExecuteAsync("INSERT INTO schema_version VALUES ($1)", cancellation, version).ConfigureAwait(false);
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
        if (found <= Versions.Length) return;
        throw new JournalFormatException(
            $"{name}: its tables are version {found}, this program knows versions 1 to {Versions.Length}. Use the newer program that made them.");
    }

    private static async Task<int> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var command = connection.Command("SELECT coalesce(max(version), 0) FROM schema_version");
        await using var _ = command.ConfigureAwait(false);
        return (int)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }
}
