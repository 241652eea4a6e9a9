using Enforcer.Journal;

namespace Enforcer.Storage.Sqlite;

/// <summary>The tables of <c>journal.db</c> and their version; docs/journal-format.md describes them.</summary>
internal static class JournalSchema
{
    /// <summary>"ENFJ": tells a journal from any other SQLite file.</summary>
    public const long ApplicationId = 0x454E_464A;

    /// <summary>The version that this code writes.</summary>
    public const long Version = 1;

    /// <summary>Refuses a file that is no journal, or one from a newer version.</summary>
    public static void Require(SqlSession session, string file)
    {
        if (session.Number("PRAGMA application_id") != ApplicationId)
            throw new JournalFormatException($"{file}: this is not an Enforcer journal. Name the folder that 'enforcer serve --data' was given.");
        var version = session.Number("PRAGMA user_version");
        if (version is >= 1 and <= Version) return;
        throw new JournalFormatException(
            $"{file}: its format is version {version}, this program knows versions 1 to {Version}. Use the newer program that wrote it.");
    }

    /// <summary>True for a file in which nothing has been made yet.</summary>
    public static bool IsEmpty(SqlSession session) => session.Number("SELECT count(*) FROM sqlite_master") == 0;

    /// <summary>Makes the tables.</summary>
    public static void Create(SqlSession session)
    {
        session.Execute("BEGIN IMMEDIATE");
        session.Execute(
            "CREATE TABLE batches(number INTEGER PRIMARY KEY, first_at INTEGER NOT NULL, entries INTEGER NOT NULL, hash BLOB NOT NULL, " +
            "payload BLOB NOT NULL)");
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
