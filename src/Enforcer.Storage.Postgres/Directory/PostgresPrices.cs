using Enforcer.Access;
using Npgsql;

namespace Enforcer.Storage.Postgres;

internal sealed class PostgresPrices(DirectoryDatabase database) : IPriceDirectory
{
    private const string Select = "SELECT kind, name, number, content_id, detail, valid_from_ms, at_ms, actor, reason FROM price_records ";
    private const string Latest = Select + "WHERE kind = $1 AND name = $2 ORDER BY number DESC LIMIT 1";
    private const string Store = "INSERT INTO price_contents VALUES ($1, $2) ON CONFLICT DO NOTHING";

    public ValueTask<PriceRecord> AddAsync(NewPriceRecord record, CancellationToken cancellation) => database.ChangeAsync(
        async change =>
        {
            var kind = (int)record.Kind;
            await change.ExecuteAsync(Store, record.ContentId, record.Content.ToArray()).ConfigureAwait(false);
            await change.ExecuteAsync(
                """
                INSERT INTO price_records
                SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7, $8 FROM price_records WHERE kind = $1 AND name = $2
                """,
                kind, record.Name, record.ContentId, record.Detail, record.ValidFromMs, record.AtMs, record.Actor, record.Reason).ConfigureAwait(false);
            return (await change.FirstAsync(Latest, Row, kind, record.Name).ConfigureAwait(false))!;
        },
        cancellation);

    public async ValueTask StoreAsync(string contentId, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        // What is there already was durable before it could be read.
        if (await ReadAsync(contentId, cancellation).ConfigureAwait(false) is not null) return;
        await database.ChangeAsync(change => change.ExecuteAsync(Store, contentId, content.ToArray()), cancellation).ConfigureAwait(false);
    }

    public ValueTask<byte[]?> ReadAsync(string contentId, CancellationToken cancellation) => database.FirstAsync(
        "SELECT content FROM price_contents WHERE content_id = $1", static row => row.GetFieldValue<byte[]>(0), cancellation, contentId);

    public async ValueTask<IReadOnlyList<PriceRecord>> ListAsync(PriceRecordKind kind, string name, CancellationToken cancellation) =>
        await database.AllAsync(Select + "WHERE kind = $1 AND name = $2 ORDER BY number", Row, cancellation, (int)kind, name).ConfigureAwait(false);

    public ValueTask<PriceRecord?> FindLatestAsync(PriceRecordKind kind, string name, CancellationToken cancellation) =>
        database.FirstAsync(Latest, Row, cancellation, (int)kind, name);

    public async ValueTask<IReadOnlyList<PriceRecord>> ListLatestAsync(PriceRecordKind kind, CancellationToken cancellation) => await database.AllAsync(
        """
        SELECT DISTINCT ON (name) kind, name, number, content_id, detail, valid_from_ms, at_ms, actor, reason
        FROM price_records WHERE kind = $1 ORDER BY name, number DESC
        """,
        Row, cancellation, (int)kind).ConfigureAwait(false);

    public async ValueTask<long> CountAsync(CancellationToken cancellation) =>
        (long)(await database.FirstAsync("SELECT count(*) FROM price_records", static row => (object)row.GetInt64(0), cancellation).ConfigureAwait(false))!;

    private static PriceRecord Row(NpgsqlDataReader row) => new(
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
