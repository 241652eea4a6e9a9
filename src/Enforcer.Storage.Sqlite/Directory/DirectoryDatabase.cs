using Enforcer.Access;
using Microsoft.Data.Sqlite;

namespace Enforcer.Storage.Sqlite;

/// <summary>
/// The file <c>directory.db</c>: one connection that writes and checkpoints, one that only reads, a lock for each, so
/// that a look-up never waits for a disk to sync.
/// </summary>
/// <remarks>
/// The file belongs to one process at a time, for caches would not see another's revocations. A lock file beside it
/// says so; the system frees it when the process ends, however it ends. (A lock on the database file itself would
/// meet SQLite's own.)
/// </remarks>
internal sealed class DirectoryDatabase : IDisposable
{
    /// <summary>A change writes a few pages; the log is moved into the file before it grows beyond some megabytes.</summary>
    private const int ChangesPerCheckpoint = 256;
    private readonly Lock _writing = new();
    private readonly Lock _reading = new();
    private readonly FileStream _owner;
    private readonly SqlSession _writer;
    private readonly SqlSession _reader;
    private readonly Action<Exception>? _onEnded;
    private DirectoryException? _broken;
    private int _changes;
    private bool _closed;

    private DirectoryDatabase(string file, FileStream owner, SqlSession writer, SqlSession reader, Action<Exception>? onEnded)
    {
        _onEnded = onEnded;
        File = file;
        _owner = owner;
        _writer = writer;
        _reader = reader;
    }

    /// <summary>The full path.</summary>
    public string File { get; }

    /// <summary>Opens the file, or makes it. Takes the same time however large it is.</summary>
    public static DirectoryDatabase Open(string path, Action<Exception>? onEnded = null)
    {
        SQLitePCL.Batteries_V2.Init();
        var file = Path.GetFullPath(path);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var owner = Claim(file);
        SqlSession? writer = null;
        try
        {
            writer = Connect(file, SqliteOpenMode.ReadWriteCreate);
            DirectorySchema.Prepare(writer, file);
            return new DirectoryDatabase(file, owner, writer, Connect(file, SqliteOpenMode.ReadOnly), onEnded);
        }
        catch (Exception e)
        {
            writer?.Dispose();
            owner.Dispose();
            if (e is SqliteException error)
                throw DirectoryFailures.Translate(error, file);
            throw;
        }
    }

    /// <summary>Runs a change as one transaction that is durable when this returns.</summary>
    public T Write<T>(Func<SqlSession, T> change)
    {
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_broken is not null)
                throw _broken;
            try
            {
                return WriteInTransaction(change);
            }
            catch (SqliteException e)
            {
                var error = DirectoryFailures.Translate(e, File);
                if (error.MustEndProcess)
                    End(error);
                throw error;
            }
        }
    }

    /// <summary>Runs a look-up over what is durable.</summary>
    public T Read<T>(Func<SqlSession, T> query)
    {
        lock (_reading)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            try
            {
                return query(_reader);
            }
            catch (SqliteException e)
            {
                throw DirectoryFailures.Translate(e, File);
            }
        }
    }

    /// <summary>Copies a file as it is at one moment, also while a server uses it.</summary>
    public static void BackUp(string file, string path)
    {
        SQLitePCL.Batteries_V2.Init();
        var target = Path.GetFullPath(path);
        if (System.IO.File.Exists(target))
            throw new DirectoryException($"{target}: the file exists. Name a file that does not, or remove it first.");
        var partial = target + ".partial";
        System.IO.File.Delete(partial);
        try
        {
            // A connection of its own: look-ups go on meanwhile.
            using (var source = new SqliteConnection(ConnectionString(file, SqliteOpenMode.ReadOnly)))
            using (var copy = new SqliteConnection(ConnectionString(partial, SqliteOpenMode.ReadWriteCreate)))
            {
                source.Open();
                copy.Open();
                source.BackupDatabase(copy);
            }

            System.IO.File.Move(partial, target);
        }
        catch (SqliteException e)
        {
            System.IO.File.Delete(partial);
            throw DirectoryFailures.Translate(e, target);
        }
    }

    /// <summary>Runs one look-up over a file that a server may be using.</summary>
    public static T ReadOnce<T>(string path, Func<SqlSession, T> query)
    {
        SQLitePCL.Batteries_V2.Init();
        var file = Path.GetFullPath(path);
        try
        {
            using var session = Connect(file, SqliteOpenMode.ReadOnly);
            return query(session);
        }
        catch (SqliteException e)
        {
            throw DirectoryFailures.Translate(e, file);
        }
    }

    public void Dispose()
    {
        lock (_writing)
        {
            lock (_reading)
            {
                if (_closed)
                    return;
                _closed = true;
                // The writer last: whoever closes last checkpoints.
                _reader.Dispose();
                _writer.Dispose();
                _owner.Dispose();
            }
        }
    }

    private void End(DirectoryException error)
    {
        _broken = error;
        _writer.KeepLog();
        _onEnded?.Invoke(error);
    }

    private T WriteInTransaction<T>(Func<SqlSession, T> change)
    {
        if (++_changes % ChangesPerCheckpoint == 0)
            _writer.First("PRAGMA wal_checkpoint(PASSIVE)", static row => row.GetValue(0));
        _writer.Execute("BEGIN IMMEDIATE");
        try
        {
            var result = change(_writer);
            _writer.Execute("COMMIT");
            return result;
        }
        catch
        {
            _writer.RollBack();
            throw;
        }
    }

    private static FileStream Claim(string file)
    {
        try
        {
            return new FileStream(file + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new DirectoryException(
                $"{file}: it is in use, by another process or opened before in this one. End that, or name another folder.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DirectoryException($"{file}: this process may not write in its folder. Give it the right to.", e);
        }
    }

    private static SqlSession Connect(string file, SqliteOpenMode mode)
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

    // Without pooling, so that closing closes.
    private static string ConnectionString(string file, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString();
}
