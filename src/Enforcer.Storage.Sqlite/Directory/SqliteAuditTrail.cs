using Enforcer.Access;
using Microsoft.Data.Sqlite;

namespace Enforcer.Storage.Sqlite;

internal sealed class SqliteAuditTrail(DirectoryDatabase database, int linesPerKind) : IAuditTrail
{
    private const string Select = "SELECT number, kind, at_ms, actor, action, subject, detail FROM audit ";

    public ValueTask AppendAsync(AuditNote note, CancellationToken cancellation)
    {
        database.Write(session =>
        {
            Append(session, note);
            return true;
        });
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<AuditLine>> QueryAsync(
        AuditKind? kind, long before, int count, CancellationToken cancellation)
    {
        DirectoryRules.RequirePage(count);
        const string OfAll = Select + "WHERE number < $1 ORDER BY number DESC LIMIT $2";
        const string OfOne = Select + "WHERE kind = $1 AND number < $2 ORDER BY number_of_kind DESC LIMIT $3";
        var first = before == 0 ? long.MaxValue : before;
        return ValueTask.FromResult<IReadOnlyList<AuditLine>>(database.Read(session => kind is { } one
            ? session.All(OfOne, Row, (int)one, first, count)
            : session.All(OfAll, Row, first, count)));
    }

    /// <summary>Adds a line within a change, so that both or neither are durable, and drops what is too many.</summary>
    public void Append(SqlSession session, AuditNote note)
    {
        const string Insert =
            """
            INSERT INTO audit(kind, number_of_kind, at_ms, actor, action, subject, detail)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """;
        var kind = (int)note.Kind;
        // Counted per kind, so that what is too many is found by an index and not by counting.
        var number = 1 + session.Number("SELECT coalesce(max(number_of_kind), 0) FROM audit WHERE kind = $1", kind);
        session.Execute(Insert, kind, number, note.AtMs, note.Actor, note.Action, note.Subject, note.Detail);
        session.Execute("DELETE FROM audit WHERE kind = $1 AND number_of_kind <= $2", kind, number - linesPerKind);
    }

    private static AuditLine Row(SqliteDataReader row) => new(
        row.GetInt64(0),
        new AuditNote(
            (AuditKind)row.GetInt32(1),
            row.GetInt64(2),
            row.GetString(3),
            row.GetString(4),
            row.GetString(5),
            row.GetString(6)));
}
