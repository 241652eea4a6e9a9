using Enforcer.Journal;
using Microsoft.Data.Sqlite;

namespace Enforcer.Storage.Sqlite;

/// <summary>How connections to <c>journal.db</c> are opened.</summary>
internal static class JournalFile
{
    /// <summary>The name of the file in a data folder.</summary>
    public const string Name = "journal.db";

    /// <summary>
    /// Opens the connection that writes and checkpoints, and makes the tables if there are none. There is never a second one: SQLite before
    /// 3.51 can lose data when two connections reset the log.
    /// </summary>
    public static WriterConnection OpenWriter(string file)
    {
        var connection = Connect(file, SqliteOpenMode.ReadWriteCreate);
        try
        {
            Prepare(connection, file);
            return new WriterConnection(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection that only reads; it never checkpoints.</summary>
    public static SqlSession OpenReader(string file)
    {
        return new SqlSession(Connect(file, SqliteOpenMode.ReadOnly));
    }

    /// <summary>Without pooling, so that closing closes.</summary>
    public static string ConnectionString(string file, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString();

    /// <summary>What went wrong, as the port names it.</summary>
    public static Exception Translate(SqliteException error, string file) => error.SqliteErrorCode switch
    {
        _ when error.SqliteExtendedErrorCode is SQLitePCL.raw.SQLITE_IOERR_FSYNC or SQLitePCL.raw.SQLITE_IOERR_DIR_FSYNC =>
            new JournalBrokenException($"{file}: the disk failed to make a batch durable; whether it is, is unknown. The process must end; check the disk.", error),
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB =>
            new JournalCorruptException($"{file}: SQLite finds it damaged ({error.Message}). Run `enforcer verify`, and restore a backup.", error),
        _ => new JournalUnavailableException($"{file}: {error.Message}", error),
    };

    private static void Prepare(SqliteConnection connection, string file)
    {
        // Its own statements, not the connection: that stays open.
        var session = new SqlSession(connection);
        var isEmpty = JournalSchema.IsEmpty(session);
        if (!isEmpty) JournalSchema.Require(session, file);
        session.First("PRAGMA journal_mode = WAL", static row => row.GetString(0));
        session.Execute("PRAGMA synchronous = FULL");
        // A reader that meets the log's index half written takes the lock of writers for a moment, to look again.
        session.Execute("PRAGMA busy_timeout = 10000");
        // Batches go to the end, and heads come in the order of their accounts, so each page is written once and then left: more pages would only take memory.
        session.Execute("PRAGMA cache_size = -8192");
        session.Execute("PRAGMA wal_autocheckpoint = 0");
        if (isEmpty) JournalSchema.Create(session);
        // What a process before could not sync may be in the system's cache alone, and would not be synced again with what follows it in the log.
        else session.First("PRAGMA wal_checkpoint(TRUNCATE)", static row => row.GetValue(0));
    }

    private static SqliteConnection Connect(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(ConnectionString(file, mode));
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
