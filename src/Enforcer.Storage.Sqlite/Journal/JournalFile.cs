using Enforcer.Journal;
using Microsoft.Data.Sqlite;

namespace Enforcer.Storage.Sqlite;

/// <summary>How connections to <c>journal.db</c> are opened.</summary>
internal static class JournalFile
{
    /// <summary>The name of the file in a data folder.</summary>
    public const string Name = "journal.db";

    /// <summary>Opens the connection that writes and checkpoints; there is never a second one (SQLite before 3.51 can lose a WAL reset between two).</summary>
    public static SqlSession OpenWriter(string file)
    {
        var session = Open(file, SqliteOpenMode.ReadWriteCreate);
        session.First("PRAGMA journal_mode = WAL", static row => row.GetString(0));
        session.Execute("PRAGMA synchronous = FULL");
        session.Execute("PRAGMA cache_size = -65536");
        // A checkpoint every 64 MiB or so: fewer, larger ones cost less than the default of every 4 MiB.
        session.Execute("PRAGMA wal_autocheckpoint = 16000");
        return session;
    }

    /// <summary>Opens a connection that only reads; it never checkpoints.</summary>
    public static SqlSession OpenReader(string file)
    {
        var session = Open(file, SqliteOpenMode.ReadOnly);
        session.Execute("PRAGMA query_only = 1");
        return session;
    }

    /// <summary>Without pooling, so that closing closes.</summary>
    public static string ConnectionString(string file, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString();

    /// <summary>What went wrong, as the port names it.</summary>
    public static Exception Translate(SqliteException error, string file) => error.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB =>
            new JournalCorruptException($"{file}: SQLite finds it damaged ({error.Message}). Run 'enforcer verify', and restore a backup.", error),
        _ => new JournalUnavailableException($"{file}: {error.Message}", error),
    };

    private static SqlSession Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(ConnectionString(file, mode));
        try
        {
            connection.Open();
            return new SqlSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
