using Enforcer.Access;
using Microsoft.Data.Sqlite;

namespace Enforcer.Storage.Sqlite;

internal sealed class SqliteTokens(DirectoryDatabase database, SqliteAuditTrail audit) : ITokenDirectory
{
    private const string Select =
        "SELECT token_id, hash, role, label, shown_prefix, created_at_ms, revoked_at_ms FROM token ";

    private const string ById = Select + "WHERE token_id = $1";
    private const string Count = "SELECT count(*) FROM token";

    public ValueTask<TokenRecord?> CreateAsync(NewToken token, AuditNote note, CancellationToken cancellation) =>
        ValueTask.FromResult(database.Write(session =>
            session.Number(Count) >= DirectoryRules.MaxTokens ? null : Insert(session, token, note)));

    public ValueTask<TokenRecord?> CreateFirstAsync(NewToken token, AuditNote note, CancellationToken cancellation) =>
        ValueTask.FromResult(database.Write(session =>
            session.Number(Count) > 0 ? null : Insert(session, token, note)));

    public ValueTask<TokenRecord?> FindAsync(CredentialHash hash, CancellationToken cancellation) =>
        ValueTask.FromResult(database.Read(session => session.First(Select + "WHERE hash = $1", Row, hash.ToArray())));

    public ValueTask<TokenRecord?> GetAsync(string tokenId, CancellationToken cancellation) =>
        ValueTask.FromResult(database.Read(session => session.First(ById, Row, tokenId)));

    public ValueTask<IReadOnlyList<TokenRecord>> ListAsync(CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<TokenRecord>>(
            database.Read(session => session.All(Select + "ORDER BY token_id", Row)));

    public ValueTask<TokenChange> RevokeAsync(string tokenId, long atMs, AuditNote note, CancellationToken cancellation)
    {
        return ValueTask.FromResult(database.Write(session =>
        {
            var token = session.First(ById, Row, tokenId);
            if (token is null)
                return new TokenChange(TokenChangeResult.UnknownToken, null);
            if (token.RevokedAtMs != 0)
                return new TokenChange(TokenChangeResult.Done, token);
            if (token.Role == Role.Admin && OtherAdmins(session, tokenId) == 0)
                return new TokenChange(TokenChangeResult.LastAdmin, token);
            session.Execute("UPDATE token SET revoked_at_ms = $1 WHERE token_id = $2", atMs, tokenId);
            audit.Append(session, note);
            return new TokenChange(TokenChangeResult.Done, token with { RevokedAtMs = atMs });
        }));
    }

    private static long OtherAdmins(SqlSession session, string tokenId) => session.Number(
        "SELECT count(*) FROM token WHERE role = $1 AND revoked_at_ms = 0 AND token_id <> $2", (int)Role.Admin, tokenId);

    private TokenRecord? Insert(SqlSession session, NewToken token, AuditNote note)
    {
        const string Sql =
            """
            INSERT INTO token(token_id, hash, role, label, shown_prefix, created_at_ms)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
            """;
        var made = session.Execute(
            Sql, token.TokenId, token.Hash.ToArray(), (int)token.Role, token.Label, token.ShownPrefix, token.CreatedAtMs);
        if (made == 0)
            throw new InvalidOperationException($"The token {token.TokenId} or its secret exists already.");
        audit.Append(session, note);
        return session.First(ById, Row, token.TokenId);
    }

    private static TokenRecord Row(SqliteDataReader row) => new(
        row.GetString(0),
        new CredentialHash((byte[])row[1]),
        (Role)row.GetInt32(2),
        row.GetString(3),
        row.GetString(4),
        row.GetInt64(5),
        row.GetInt64(6));
}
