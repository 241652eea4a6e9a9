using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Enforcer.Storage.Sqlite;

/// <summary>
/// A prepared statement of the writer, beneath ADO.NET: it runs once per batch, binds spans without copies of its own, and allocates
/// nothing.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _statement;

    public Statement(SqliteConnection connection, string sql)
    {
        _db = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        Check(raw.sqlite3_prepare_v2(_db, sql, out _statement));
    }

    public Statement Bind(int at, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, at, value));
        return this;
    }

    public Statement Bind(int at, ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(_statement, at, value));
        return this;
    }

    public Statement BindNull(int at)
    {
        Check(raw.sqlite3_bind_null(_statement, at));
        return this;
    }

    /// <summary>Runs it to its end and says how many rows it changed.</summary>
    public int Execute()
    {
        var code = raw.sqlite3_step(_statement);
        // The reset gives the same code again; what matters is that the statement is free afterwards.
        _ = raw.sqlite3_reset(_statement);
        if (code is not (raw.SQLITE_DONE or raw.SQLITE_ROW)) Check(code);
        return raw.sqlite3_changes(_db);
    }

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code == raw.SQLITE_OK) return;
        throw new SqliteException(
            raw.sqlite3_errmsg(_db).utf8_to_string(), raw.sqlite3_errcode(_db), raw.sqlite3_extended_errcode(_db));
    }
}
