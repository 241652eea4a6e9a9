using Enforcer.Access;
using Npgsql;

namespace Enforcer.Storage.Postgres;

internal sealed class PostgresAuditTrail(DirectoryDatabase database) : IAuditTrail
{
    private const string Select = "SELECT number, kind, at_ms, actor, action, subject, detail FROM audit ";

    public async ValueTask AppendAsync(AuditNote note, CancellationToken cancellation) => await database.ChangeAsync(
        async change =>
        {
            await change.NoteAsync(note).ConfigureAwait(false);
            return true;
        },
        cancellation).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<AuditLine>> QueryAsync(AuditKind? kind, long before, int count, CancellationToken cancellation)
    {
        DirectoryRules.RequirePage(count);
        const string OfAll = Select + "WHERE number < $1 ORDER BY number DESC LIMIT $2";
        const string OfOne = Select + "WHERE kind = $1 AND number < $2 ORDER BY number_of_kind DESC LIMIT $3";
        var first = before == 0 ? long.MaxValue : before;
        return kind is { } one
            ? await database.AllAsync(OfOne, Row, cancellation, (int)one, first, count).ConfigureAwait(false)
            : await database.AllAsync(OfAll, Row, cancellation, first, count).ConfigureAwait(false);
    }

    private static AuditLine Row(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        new AuditNote((AuditKind)row.GetInt32(1), row.GetInt64(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6)));
}
