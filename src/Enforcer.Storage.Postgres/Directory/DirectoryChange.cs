using Enforcer.Access;
using Npgsql;

namespace Enforcer.Storage.Postgres;

/// <summary>A change of the directory under way. It holds the directory's row, so that no other change, of any node, can come between its statements.</summary>
internal sealed class DirectoryChange
{
    /// <summary>How many changes of credentials can be read later; whoever has missed more forgets everything.</summary>
    private const int KeptChanges = 10_000;

    private readonly NpgsqlConnection _connection;
    private readonly int _auditLinesPerKind;
    private readonly CancellationToken _cancellation;

    private DirectoryChange(NpgsqlConnection connection, int auditLinesPerKind, string transaction, long accounts, long changes, CancellationToken cancellation)
    {
        _connection = connection;
        _auditLinesPerKind = auditLinesPerKind;
        _cancellation = cancellation;
        Transaction = transaction;
        Accounts = accounts;
        Changes = changes;
    }

    /// <summary>The transaction's own number, by which the server knows later what became of it.</summary>
    public string Transaction { get; }

    /// <summary>How many accounts there are.</summary>
    public long Accounts { get; }

    /// <summary>The number of the last change of credentials, this one included.</summary>
    public long Changes { get; private set; }

    public static async Task<DirectoryChange> BeginAsync(NpgsqlConnection connection, int auditLinesPerKind, CancellationToken cancellation) =>
        (await connection.FirstAsync(
            "SELECT pg_current_xact_id()::text, accounts, changes FROM directory FOR UPDATE",
            row => new DirectoryChange(connection, auditLinesPerKind, row.GetString(0), row.GetInt64(1), row.GetInt64(2), cancellation),
            cancellation).ConfigureAwait(false))!;

    /// <summary>Runs a statement; answers how many rows it changed.</summary>
    public Task<int> ExecuteAsync(string sql, params object[] values) => _connection.ExecuteAsync(sql, _cancellation, values);

    /// <summary>The first row; null if there is none.</summary>
    public Task<T?> FirstAsync<T>(string sql, Func<NpgsqlDataReader, T> row, params object[] values)
        where T : class => _connection.FirstAsync(sql, row, _cancellation, values);

    /// <summary>The number in the first column of the first row.</summary>
    public async Task<long> NumberAsync(string sql, params object[] values) =>
        (long)(await FirstAsync(sql, static row => (object)row.GetInt64(0), values).ConfigureAwait(false))!;

    /// <summary>Adds a line to the audit trail, so that both or neither are durable, and drops what is too many.</summary>
    public async Task NoteAsync(AuditNote note)
    {
        var number = await NumberAsync("UPDATE directory SET audit_lines = audit_lines + 1 RETURNING audit_lines").ConfigureAwait(false);
        var kind = (int)note.Kind;
        // Counted per kind, so that what is too many is found by an index and not by counting.
        var ofKind = 1 + await NumberAsync("SELECT coalesce(max(number_of_kind), 0) FROM audit WHERE kind = $1", kind).ConfigureAwait(false);
        await ExecuteAsync(
            "INSERT INTO audit VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            number, kind, ofKind, note.AtMs, note.Actor, note.Action, note.Subject, note.Detail).ConfigureAwait(false);
        await ExecuteAsync("DELETE FROM audit WHERE kind = $1 AND number_of_kind <= $2", kind, ofKind - _auditLinesPerKind).ConfigureAwait(false);
    }

    /// <summary>Files for the other nodes' caches that a credential was changed.</summary>
    public async Task AnnounceAsync(CredentialHash hash)
    {
        Changes = await NumberAsync("UPDATE directory SET changes = changes + 1 RETURNING changes").ConfigureAwait(false);
        await ExecuteAsync("INSERT INTO changes VALUES ($1, $2)", Changes, hash.ToArray()).ConfigureAwait(false);
        await ExecuteAsync("DELETE FROM changes WHERE number <= $1", Changes - KeptChanges).ConfigureAwait(false);
        await ExecuteAsync("SELECT pg_notify($1, '')", DirectoryNews.Channel).ConfigureAwait(false);
    }
}
