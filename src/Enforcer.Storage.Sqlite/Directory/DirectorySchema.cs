using Enforcer.Access;

namespace Enforcer.Storage.Sqlite;

/// <summary>The tables of <c>directory.db</c> and their version.</summary>
internal static class DirectorySchema
{
    /// <summary>The version that this program writes, and the newest that it reads.</summary>
    public const int Version = 2;

    // Numbers of accounts come from the row id: without deletions SQLite counts them up from 1 without gaps.
    // Times are Unix milliseconds; 0 stands for never.
    private const string Tables =
        """
        CREATE TABLE directory_schema(version INTEGER NOT NULL);
        CREATE TABLE account(
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            unit TEXT NOT NULL,
            created_at_ms INTEGER NOT NULL);
        CREATE TABLE key(
            key_id TEXT NOT NULL PRIMARY KEY,
            hash BLOB NOT NULL UNIQUE,
            account INTEGER NOT NULL REFERENCES account(number),
            label TEXT NOT NULL,
            shown_prefix TEXT NOT NULL,
            created_at_ms INTEGER NOT NULL,
            expires_at_ms INTEGER NOT NULL DEFAULT 0,
            revoked_at_ms INTEGER NOT NULL DEFAULT 0,
            successor TEXT NOT NULL DEFAULT '');
        CREATE INDEX key_of_account ON key(account, key_id);
        CREATE TABLE token(
            token_id TEXT NOT NULL PRIMARY KEY,
            hash BLOB NOT NULL UNIQUE,
            role INTEGER NOT NULL,
            label TEXT NOT NULL,
            shown_prefix TEXT NOT NULL,
            created_at_ms INTEGER NOT NULL,
            revoked_at_ms INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE audit(
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            kind INTEGER NOT NULL,
            number_of_kind INTEGER NOT NULL,
            at_ms INTEGER NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            subject TEXT NOT NULL,
            detail TEXT NOT NULL,
            UNIQUE(kind, number_of_kind));
        INSERT INTO directory_schema(version) VALUES (1);
        """;

    /// <summary>What version 2 has besides: prices. Records are only ever added.</summary>
    private const string PriceTables =
        """
        CREATE TABLE price_content(
            content_id TEXT NOT NULL PRIMARY KEY,
            content BLOB NOT NULL);
        CREATE TABLE price_record(
            kind INTEGER NOT NULL,
            name TEXT NOT NULL,
            number INTEGER NOT NULL,
            content_id TEXT NOT NULL REFERENCES price_content(content_id),
            detail TEXT NOT NULL,
            valid_from_ms INTEGER NOT NULL,
            at_ms INTEGER NOT NULL,
            actor TEXT NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY(kind, name, number));
        UPDATE directory_schema SET version = 2;
        """;

    /// <summary>Makes the tables in an empty file; refuses a file that is something else or newer.</summary>
    public static void Prepare(SqlSession writer, string file)
    {
        var version = 0L;
        var isEmpty = writer.Number("SELECT count(*) FROM sqlite_master") == 0;
        if (!isEmpty)
            RequireKnownVersion(writer, file, out version);
        // Only now: a file that is refused above is not touched.
        writer.Execute("PRAGMA journal_mode = WAL");
        writer.Execute("PRAGMA synchronous = FULL");
        writer.Execute("PRAGMA foreign_keys = ON");
        writer.Execute("PRAGMA journal_size_limit = 16777216");
        // By its own habit SQLite throws away the error of a failed fsync: the database checkpoints on purpose.
        writer.Execute("PRAGMA wal_autocheckpoint = 0");
        if (isEmpty)
            writer.Execute($"BEGIN IMMEDIATE; {Tables} {PriceTables} COMMIT");
        else if (version == 1)
            writer.Execute($"BEGIN IMMEDIATE; {PriceTables} COMMIT");
        if (!isEmpty)
            writer.First("PRAGMA wal_checkpoint(TRUNCATE)", static row => row.GetValue(0));
    }

    private static void RequireKnownVersion(SqlSession writer, string file, out long found)
    {
        if (writer.Number("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'directory_schema'") == 0)
            throw new DirectoryException($"{file}: this is a SQLite file of something else. Name another file.");
        found = writer.Number("SELECT coalesce(max(version), 0) FROM directory_schema");
        if (found > Version)
        {
            throw new DirectoryException(
                $"{file}: its schema has version {found}, this program knows versions up to {Version}. "
                + "Start the program that wrote it, or a newer one.");
        }

        if (found < 1)
            throw new DirectoryException($"{file}: its schema version is missing: the file is damaged. Restore it from a backup.");
    }
}
