using Enforcer.Access;
using Npgsql;

namespace Enforcer.Storage.Postgres;

internal sealed class PostgresKeys(DirectoryDatabase database, DirectoryNews news) : IKeyDirectory
{
    private const string Select =
        "SELECT k.key_id, k.hash, k.account, a.id, k.label, k.shown_prefix, k.created_at_ms, k.expires_at_ms, k.revoked_at_ms, k.successor " +
        "FROM keys k JOIN accounts a ON a.number = k.account ";

    private const string ById = Select + "WHERE k.key_id = $1";

    public ValueTask<KeyRecord?> CreateAsync(NewKey key, AuditNote note, CancellationToken cancellation) => database.ChangeAsync(
        async change =>
        {
            if (await change.NumberAsync("SELECT count(*) FROM accounts WHERE number = $1", key.AccountNumber).ConfigureAwait(false) == 0) return null;
            await InsertAsync(change, key).ConfigureAwait(false);
            await change.NoteAsync(note).ConfigureAwait(false);
            return await change.FirstAsync(ById, Row, key.KeyId).ConfigureAwait(false);
        },
        cancellation);

    public ValueTask<KeyRecord?> FindAsync(CredentialHash hash, CancellationToken cancellation) =>
        database.FirstAsync(Select + "WHERE k.hash = $1", Row, cancellation, hash.ToArray());

    public ValueTask<KeyRecord?> GetAsync(string keyId, CancellationToken cancellation) =>
        StoredText.IsPossible(keyId) ? database.FirstAsync(ById, Row, cancellation, keyId) : default;

    public async ValueTask<IReadOnlyList<KeyRecord>> ListAsync(long? accountNumber, string after, int count, CancellationToken cancellation)
    {
        DirectoryRules.RequirePage(count);
        const string OfAll = Select + "WHERE k.key_id > $1 ORDER BY k.key_id LIMIT $2";
        const string OfOne = Select + "WHERE k.account = $1 AND k.key_id > $2 ORDER BY k.key_id LIMIT $3";
        var from = StoredText.Before(after);
        return accountNumber is { } number
            ? await database.AllAsync(OfOne, Row, cancellation, number, from, count).ConfigureAwait(false)
            : await database.AllAsync(OfAll, Row, cancellation, from, count).ConfigureAwait(false);
    }

    public ValueTask<KeyChange> RotateAsync(string keyId, NewKey successor, long expiresAtMs, AuditNote note, CancellationToken cancellation) =>
        news.ChangeAsync(change => RotateAsync(change, keyId, successor, expiresAtMs, note), cancellation);

    public ValueTask<KeyRecord?> RevokeAsync(string keyId, long atMs, AuditNote note, CancellationToken cancellation) =>
        news.ChangeAsync(change => RevokeAsync(change, keyId, atMs, note), cancellation);

    private static async Task<KeyChange> RotateAsync(DirectoryChange change, string keyId, NewKey successor, long expiresAtMs, AuditNote note)
    {
        var old = await change.FirstAsync(ById, Row, keyId).ConfigureAwait(false);
        if (old is null) return new(KeyChangeResult.UnknownKey, null, null);
        if (old.RevokedAtMs != 0) return new(KeyChangeResult.Revoked, old, null);
        if (old.Successor is not null) return new(KeyChangeResult.HasSuccessor, old, null);
        if (old.AccountNumber != successor.AccountNumber) throw new ArgumentException("A successor belongs to the same account.", nameof(successor));
        await InsertAsync(change, successor).ConfigureAwait(false);
        await change.ExecuteAsync(
            "UPDATE keys SET expires_at_ms = $1, successor = $2 WHERE key_id = $3", expiresAtMs, successor.KeyId, keyId).ConfigureAwait(false);
        await change.NoteAsync(note).ConfigureAwait(false);
        await change.AnnounceAsync(old.Hash).ConfigureAwait(false);
        return new(
            KeyChangeResult.Done,
            old with { ExpiresAtMs = expiresAtMs, Successor = successor.KeyId },
            await change.FirstAsync(ById, Row, successor.KeyId).ConfigureAwait(false));
    }

    private static async Task<KeyRecord?> RevokeAsync(DirectoryChange change, string keyId, long atMs, AuditNote note)
    {
        var key = await change.FirstAsync(ById, Row, keyId).ConfigureAwait(false);
        if (key is null || key.RevokedAtMs != 0) return key;
        await change.ExecuteAsync("UPDATE keys SET revoked_at_ms = $1 WHERE key_id = $2", atMs, keyId).ConfigureAwait(false);
        await change.NoteAsync(note).ConfigureAwait(false);
        await change.AnnounceAsync(key.Hash).ConfigureAwait(false);
        return key with { RevokedAtMs = atMs };
    }

    private static async Task InsertAsync(DirectoryChange change, NewKey key)
    {
        var made = await change.ExecuteAsync(
            "INSERT INTO keys VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            key.KeyId, key.Hash.ToArray(), key.AccountNumber, key.Label, key.ShownPrefix, key.CreatedAtMs).ConfigureAwait(false);
        if (made == 0) throw new InvalidOperationException($"The key {key.KeyId} or its secret exists already.");
    }

    private static KeyRecord Row(NpgsqlDataReader row) => new(
        row.GetString(0),
        new CredentialHash(row.GetFieldValue<byte[]>(1)),
        row.GetInt64(2),
        row.GetString(3),
        row.GetString(4),
        row.GetString(5),
        row.GetInt64(6),
        row.GetInt64(7),
        row.GetInt64(8),
        row.IsDBNull(9) ? null : row.GetString(9));
}
