using Enforcer.Access;
using Microsoft.Data.Sqlite;

namespace Enforcer.Storage.Sqlite;

internal sealed class SqlitePrices(DirectoryDatabase database) : IPriceDirectory
{
    private const string Select = "SELECT kind, name, number, content_id, detail, valid_from_ms, at_ms, actor, reason FROM price_record ";
    private const string Latest = Select + "WHERE kind = $1 AND name = $2 ORDER BY number DESC LIMIT 1";
    private const string Store = "INSERT INTO price_content(content_id, content) VALUES ($1, $2) ON CONFLICT DO NOTHING";

    public ValueTask<PriceRecord> AddAsync(NewPriceRecord record, CancellationToken cancellation)
    {
        const string Insert =
            """
            INSERT INTO price_record(kind, name, number, content_id, detail, valid_from_ms, at_ms, actor, reason)
            VALUES ($1, $2, (SELECT coalesce(max(number), 0) + 1 FROM price_record WHERE kind = $1 AND name = $2), $3, $4, $5, $6, $7, $8)
            """;
        var kind = (int)record.Kind;
        return ValueTask.FromResult(database.Write(session =>
        {
            session.Execute(Store, record.ContentId, record.Content.ToArray());
            session.Execute(Insert, kind, record.Name, record.ContentId, record.Detail, record.ValidFromMs, record.AtMs, record.Actor, record.Reason);
            return session.First(Latest, Row, kind, record.Name)!;
        }));
    }

    public ValueTask StoreAsync(string contentId, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        // What is there already was durable before it could be read.
        if (Read(contentId) is null) database.Write(session => session.Execute(Store, contentId, content.ToArray()));
        return ValueTask.CompletedTask;
    }

    public ValueTask<byte[]?> ReadAsync(string contentId, CancellationToken cancellation) => ValueTask.FromResult(Read(contentId));

    public ValueTask<IReadOnlyList<PriceRecord>> ListAsync(PriceRecordKind kind, string name, CancellationToken cancellation)
    {
        const string OfName = Select + "WHERE kind = $1 AND name = $2 ORDER BY number";
        return ValueTask.FromResult<IReadOnlyList<PriceRecord>>(database.Read(session => session.All(OfName, Row, (int)kind, name)));
    }

    public ValueTask<PriceRecord?> FindLatestAsync(PriceRecordKind kind, string name, CancellationToken cancellation) =>
        ValueTask.FromResult(database.Read(session => session.First(Latest, Row, (int)kind, name)));

    public ValueTask<IReadOnlyList<PriceRecord>> ListLatestAsync(PriceRecordKind kind, CancellationToken cancellation)
    {
        const string OfKind =
            Select + "AS one WHERE kind = $1 AND number = (SELECT max(number) FROM price_record WHERE kind = $1 AND name = one.name) ORDER BY name";
        return ValueTask.FromResult<IReadOnlyList<PriceRecord>>(database.Read(session => session.All(OfKind, Row, (int)kind)));
    }

    public ValueTask<long> CountAsync(CancellationToken cancellation) =>
        ValueTask.FromResult(database.Read(session => session.Number("SELECT count(*) FROM price_record")));

    private byte[]? Read(string contentId) => database.Read(session =>
        session.First("SELECT content FROM price_content WHERE content_id = $1", static row => (byte[])row[0], contentId));

    private static PriceRecord Row(SqliteDataReader row) => new(
        (PriceRecordKind)row.GetInt32(0),
        row.GetString(1),
        row.GetInt32(2),
        row.GetString(3),
        row.GetString(4),
        row.GetInt64(5),
        row.GetInt64(6),
        row.GetString(7),
        row.GetString(8));
}
