using Enforcer.Access;
using Npgsql;

namespace Enforcer.Storage.Postgres;

internal sealed class PostgresTokens(DirectoryDatabase database, DirectoryNews news) : ITokenDirectory
{
    private const string Select = "SELECT token_id, hash, role, label, shown_prefix, created_at_ms, revoked_at_ms FROM tokens ";
    private const string ById = Select + "WHERE token_id = $1";
    private const string Count = "SELECT count(*) FROM tokens";
    private const string OtherAdmins = "SELECT count(*) FROM tokens WHERE role = $1 AND revoked_at_ms = 0 AND token_id <> $2";

    public ValueTask<TokenRecord?> CreateAsync(NewToken token, AuditNote note, CancellationToken cancellation) =>
        CreateAsync(token, note, DirectoryRules.MaxTokens, cancellation);

    public ValueTask<TokenRecord?> CreateFirstAsync(NewToken token, AuditNote note, CancellationToken cancellation) =>
        CreateAsync(token, note, 1, cancellation);

    public ValueTask<TokenRecord?> FindAsync(CredentialHash hash, CancellationToken cancellation) =>
        database.FirstAsync(Select + "WHERE hash = $1", Row, cancellation, hash.ToArray());

    public ValueTask<TokenRecord?> GetAsync(string tokenId, CancellationToken cancellation) =>
        StoredText.IsPossible(tokenId) ? database.FirstAsync(ById, Row, cancellation, tokenId) : default;

    public async ValueTask<IReadOnlyList<TokenRecord>> ListAsync(CancellationToken cancellation) =>
        await database.AllAsync(Select + "ORDER BY token_id", Row, cancellation).ConfigureAwait(false);

    public ValueTask<TokenChange> RevokeAsync(string tokenId, long atMs, AuditNote note, CancellationToken cancellation) =>
        news.ChangeAsync(change => RevokeAsync(change, tokenId, atMs, note), cancellation);

    private static async Task<TokenChange> RevokeAsync(DirectoryChange change, string tokenId, long atMs, AuditNote note)
    {
        var token = await change.FirstAsync(ById, Row, tokenId).ConfigureAwait(false);
        if (token is null) return new(TokenChangeResult.UnknownToken, null);
        if (token.RevokedAtMs != 0) return new(TokenChangeResult.Done, token);
        if (token.Role == Role.Admin && await change.NumberAsync(OtherAdmins, (int)Role.Admin, tokenId).ConfigureAwait(false) == 0)
            return new(TokenChangeResult.LastAdmin, token);
        await change.ExecuteAsync("UPDATE tokens SET revoked_at_ms = $1 WHERE token_id = $2", atMs, tokenId).ConfigureAwait(false);
        await change.NoteAsync(note).ConfigureAwait(false);
        await change.AnnounceAsync(token.Hash).ConfigureAwait(false);
        return new(TokenChangeResult.Done, token with { RevokedAtMs = atMs });
    }

    private ValueTask<TokenRecord?> CreateAsync(NewToken token, AuditNote note, int bound, CancellationToken cancellation) => database.ChangeAsync(
        async change =>
        {
            if (await change.NumberAsync(Count).ConfigureAwait(false) >= bound) return null;
            var made = await change.ExecuteAsync(
                "INSERT INTO tokens VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT DO NOTHING",
                token.TokenId, token.Hash.ToArray(), (int)token.Role, token.Label, token.ShownPrefix, token.CreatedAtMs).ConfigureAwait(false);
            if (made == 0) throw new InvalidOperationException($"The token {token.TokenId} or its secret exists already.");
            await change.NoteAsync(note).ConfigureAwait(false);
            return await change.FirstAsync(ById, Row, token.TokenId).ConfigureAwait(false);
        },
        cancellation);

    private static TokenRecord Row(NpgsqlDataReader row) => new(
        row.GetString(0),
        new CredentialHash(row.GetFieldValue<byte[]>(1)),
        (Role)row.GetInt32(2),
        row.GetString(3),
        row.GetString(4),
        row.GetInt64(5),
        row.GetInt64(6));
}
