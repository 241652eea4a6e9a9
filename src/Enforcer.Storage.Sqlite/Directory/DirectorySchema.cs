using Enforcer.Access;

namespace Enforcer.Storage.Sqlite;

/// <summary>The tables of <c>directory.db</c> and their version.</summary>
internal static class DirectorySchema
{
    /// <summary>The version that this program writes, and the newest that it reads.</summary>
    public const int Version = 1;

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

    /// <summary>Makes the tables in an empty file; refuses a file that is something else or newer.</summary>
    public static void Prepare(SqlSession writer, string file)
    {
        var isEmpty = writer.Number("SELECT count(*) FROM sqlite_master") == 0;
        if (!isEmpty)
            RequireKnownVersion(writer, file);
        // Only now: a file that is refused above is not touched.
        writer.Execute("PRAGMA journal_mode = WAL");
        writer.Execute("PRAGMA synchronous = FULL");
        writer.Execute("PRAGMA foreign_keys = ON");
        writer.Execute("PRAGMA journal_size_limit = 16777216");
        // By its own habit SQLite throws away the error of a failed fsync: the database checkpoints on purpose.
        writer.Execute("PRAGMA wal_autocheckpoint = 0");
        if (isEmpty)
            writer.Execute($"BEGIN IMMEDIATE; {Tables} COMMIT");
        else
            writer.First("PRAGMA wal_checkpoint(TRUNCATE)", static row => row.GetValue(0));
    }

    private static void RequireKnownVersion(SqlSession writer, string file)
    {
        if (writer.Number("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'directory_schema'") == 0)
            throw new DirectoryException($"{file}: this is a SQLite file of something else. Name another file.");
        var found = writer.Number("SELECT coalesce(max(version), 0) FROM directory_schema");
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
