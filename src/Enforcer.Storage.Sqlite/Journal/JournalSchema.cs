using Enforcer.Journal;

namespace Enforcer.Storage.Sqlite;

/// <summary>The tables of <c>journal.db</c> and their version; docs/journal-format.md describes them.</summary>
internal static class JournalSchema
{
    /// <summary>"ENFJ": tells a journal from any other SQLite file.</summary>
    public const long ApplicationId = 0x454E_464A;

    /// <summary>The version that this code writes.</summary>
    public const long Version = 1;

    /// <summary>Makes the tables in an empty file; refuses a file that is something else or newer.</summary>
    public static void Prepare(SqlSession session, string file)
    {
        var version = session.Number("PRAGMA user_version");
        if (version == 0 && session.Number("SELECT count(*) FROM sqlite_master") == 0) Create(session);
        else Require(session, file, version);
    }

    /// <summary>Refuses a file that is no journal, or one from a newer version.</summary>
    public static void Require(SqlSession session, string file) => Require(session, file, session.Number("PRAGMA user_version"));

    private static void Require(SqlSession session, string file, long version)
    {
        if (session.Number("PRAGMA application_id") != ApplicationId)
            throw new JournalFormatException($"{file}: this is not an Enforcer journal. Name the folder that 'enforcer serve --data' was given.");
        if (version > Version)
        {
            throw new JournalFormatException(
                $"{file}: its format is version {version}, this program knows versions up to {Version}. Use the newer program that wrote it.");
        }
    }

    private static void Create(SqlSession session)
    {
        session.Execute("BEGIN IMMEDIATE");
        session.Execute("CREATE TABLE batches(number INTEGER PRIMARY KEY, first_at INTEGER NOT NULL, entries INTEGER NOT NULL, hash BLOB NOT NULL, payload BLOB NOT NULL)");
        // The time index of batches: one small row per batch.
        session.Execute("CREATE INDEX batches_first_at ON batches(first_at)");
        session.Execute(
            "CREATE TABLE heads(account INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, last_batch INTEGER NOT NULL, " +
            "crc INTEGER NOT NULL, next_expiry INTEGER, snapshot BLOB NOT NULL)");
        session.Execute("CREATE INDEX heads_next_expiry ON heads(next_expiry) WHERE next_expiry IS NOT NULL");
        session.Execute(
            "CREATE TABLE fence(id INTEGER PRIMARY KEY CHECK (id = 1), owner TEXT NOT NULL, epoch INTEGER NOT NULL, tip INTEGER NOT NULL, " +
            "tip_hash BLOB NOT NULL, tip_first_at INTEGER NOT NULL, covered_through INTEGER NOT NULL)");
        session.Execute("INSERT INTO fence VALUES (1, '', 0, 0, zeroblob(32), 0, 0)");
        session.Execute($"PRAGMA application_id = {ApplicationId}");
        session.Execute($"PRAGMA user_version = {Version}");
        session.Execute("COMMIT");
    }
}
