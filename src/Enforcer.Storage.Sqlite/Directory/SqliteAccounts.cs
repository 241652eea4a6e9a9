using Enforcer.Access;
using Microsoft.Data.Sqlite;

namespace Enforcer.Storage.Sqlite;

internal sealed class SqliteAccounts(DirectoryDatabase database) : IAccountDirectory
{
    // Large enough that syncing costs little, small enough that others do not wait long for their turn.
    private const int BatchSize = 20_000;

    private const string Select = "SELECT number, id, unit, created_at_ms FROM account ";
    private const string ById = Select + "WHERE id = $1";
    private const string Insert = "INSERT INTO account(id, unit, created_at_ms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

    public static AccountRecord? Find(SqlSession session, long number) => session.First(Select + "WHERE number = $1", Row, number);

    public ValueTask<AccountRecord?> FindAsync(string id, CancellationToken cancellation) =>
        ValueTask.FromResult(database.Read(session => session.First(ById, Row, id)));

    public ValueTask<AccountRecord?> FindAsync(long number, CancellationToken cancellation) =>
        ValueTask.FromResult(database.Read(session => Find(session, number)));

    public ValueTask<AccountRecord> CreateAsync(NewAccount account, CancellationToken cancellation)
    {
        // What is there already was durable before it could be read.
        var record = database.Read(session => session.First(ById, Row, account.Id)) ?? database.Write(session =>
        {
            session.Execute(Insert, account.Id, account.Unit, account.CreatedAtMs);
            return session.First(ById, Row, account.Id)!;
        });
        return ValueTask.FromResult(record);
    }

    public ValueTask<long> CreateManyAsync(IEnumerable<NewAccount> accounts, CancellationToken cancellation)
    {
        var made = 0L;
        foreach (var batch in accounts.Chunk(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            made += database.Write(session =>
            {
                var inserted = 0L;
                foreach (var account in batch)
                    inserted += session.Execute(Insert, account.Id, account.Unit, account.CreatedAtMs);
                return inserted;
            });
        }

        return ValueTask.FromResult(made);
    }

    public ValueTask<IReadOnlyList<AccountRecord>> ListAsync(string after, int count, CancellationToken cancellation)
    {
        DirectoryRules.RequirePage(count);
        const string Page = Select + "WHERE id > $1 ORDER BY id LIMIT $2";
        return ValueTask.FromResult<IReadOnlyList<AccountRecord>>(
            database.Read(session => session.All(Page, Row, after, count)));
    }

    public ValueTask<long> CountAsync(CancellationToken cancellation) =>
        ValueTask.FromResult(database.Read(session => session.Number("SELECT coalesce(max(number), 0) FROM account")));

    private static AccountRecord Row(SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3));
}
