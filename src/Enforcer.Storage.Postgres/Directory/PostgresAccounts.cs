using Enforcer.Access;
using Npgsql;

namespace Enforcer.Storage.Postgres;

internal sealed class PostgresAccounts(DirectoryDatabase database) : IAccountDirectory
{
    // Large enough that syncing costs little, small enough that others do not wait long for their turn.
    private const int BatchSize = 20_000;

    private const string Select = "SELECT number, id, unit, created_at_ms FROM accounts ";
    private const string ById = Select + "WHERE id = $1";

    public ValueTask<AccountRecord?> FindAsync(string id, CancellationToken cancellation) =>
        DirectoryRules.IsAccountId(id) ? database.FirstAsync(ById, Row, cancellation, id) : default;

    public ValueTask<AccountRecord?> FindAsync(long number, CancellationToken cancellation) =>
        database.FirstAsync(Select + "WHERE number = $1", Row, cancellation, number);

    public async ValueTask<AccountRecord> CreateAsync(NewAccount account, CancellationToken cancellation)
    {
        // What is there already was durable before it could be read.
        return await FindAsync(account.Id, cancellation).ConfigureAwait(false) ?? await database.ChangeAsync(
            async change =>
            {
                if (await change.FirstAsync(ById, Row, account.Id).ConfigureAwait(false) is { } known) return known;
                await InsertAsync(change, [account]).ConfigureAwait(false);
                return new AccountRecord(change.Accounts + 1, account.Id, account.Unit, account.CreatedAtMs);
            },
            cancellation).ConfigureAwait(false);
    }

    public async ValueTask<long> CreateManyAsync(IEnumerable<NewAccount> accounts, CancellationToken cancellation)
    {
        var made = 0L;
        foreach (var batch in accounts.Chunk(BatchSize))
        {
            var distinct = batch.DistinctBy(account => account.Id, StringComparer.Ordinal).ToArray();
            made += await database.ChangeAsync(change => InsertAsync(change, distinct), cancellation).ConfigureAwait(false);
        }
        return made;
    }

    public async ValueTask<IReadOnlyList<AccountRecord>> ListAsync(string after, int count, CancellationToken cancellation)
    {
        DirectoryRules.RequirePage(count);
        return await database.AllAsync(Select + "WHERE id > $1 ORDER BY id LIMIT $2", Row, cancellation, StoredText.Before(after), count).ConfigureAwait(false);
    }

    public async ValueTask<long> CountAsync(CancellationToken cancellation) =>
        (long)(await database.FirstAsync("SELECT accounts FROM directory", static row => (object)row.GetInt64(0), cancellation).ConfigureAwait(false))!;

    /// <summary>Makes those whose ids are new, with the next numbers; answers how many.</summary>
    private static async Task<long> InsertAsync(DirectoryChange change, NewAccount[] accounts)
    {
        long made = await change.ExecuteAsync(
            """
            INSERT INTO accounts
            SELECT $1 + row_number() OVER (ORDER BY g.place), g.id, g.unit, g.created_at_ms
            FROM unnest($2::text[], $3::text[], $4::bigint[]) WITH ORDINALITY AS g(id, unit, created_at_ms, place)
            WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = g.id)
            """,
            change.Accounts,
            Array.ConvertAll(accounts, account => account.Id),
            Array.ConvertAll(accounts, account => account.Unit),
            Array.ConvertAll(accounts, account => account.CreatedAtMs)).ConfigureAwait(false);
        await change.ExecuteAsync("UPDATE directory SET accounts = accounts + $1", made).ConfigureAwait(false);
        return made;
    }

    private static AccountRecord Row(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3));
}
