namespace Enforcer.Access;

internal sealed class MemoryTokens(Lock one, MemoryAuditTrail audit) : ITokenDirectory
{
    private readonly SortedDictionary<string, TokenRecord> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<CredentialHash, string> _byHash = [];

    public ValueTask<TokenRecord?> CreateAsync(NewToken token, AuditNote note, CancellationToken cancellation)
    {
        lock (one)
            return ValueTask.FromResult(_byId.Count >= DirectoryRules.MaxTokens ? null : Add(token, note));
    }

    public ValueTask<TokenRecord?> CreateFirstAsync(NewToken token, AuditNote note, CancellationToken cancellation)
    {
        lock (one)
            return ValueTask.FromResult(_byId.Count > 0 ? null : Add(token, note));
    }

    public ValueTask<TokenRecord?> FindAsync(CredentialHash hash, CancellationToken cancellation)
    {
        lock (one)
            return ValueTask.FromResult(_byHash.TryGetValue(hash, out var tokenId) ? _byId[tokenId] : null);
    }

    public ValueTask<TokenRecord?> GetAsync(string tokenId, CancellationToken cancellation)
    {
        lock (one)
            return ValueTask.FromResult(_byId.GetValueOrDefault(tokenId));
    }

    public ValueTask<IReadOnlyList<TokenRecord>> ListAsync(CancellationToken cancellation)
    {
        lock (one)
            return ValueTask.FromResult<IReadOnlyList<TokenRecord>>(_byId.Values.ToList());
    }

    public ValueTask<TokenChange> RevokeAsync(string tokenId, long atMs, AuditNote note, CancellationToken cancellation)
    {
        lock (one)
        {
            if (!_byId.TryGetValue(tokenId, out var token))
                return ValueTask.FromResult(new TokenChange(TokenChangeResult.UnknownToken, null));
            if (token.RevokedAtMs != 0)
                return ValueTask.FromResult(new TokenChange(TokenChangeResult.Done, token));
            if (token.Role == Role.Admin && !_byId.Values.Any(other => IsOtherAdmin(other, tokenId)))
                return ValueTask.FromResult(new TokenChange(TokenChangeResult.LastAdmin, token));
            var revoked = token with { RevokedAtMs = atMs };
            _byId[tokenId] = revoked;
            audit.Append(note);
            return ValueTask.FromResult(new TokenChange(TokenChangeResult.Done, revoked));
        }
    }

    private static bool IsOtherAdmin(TokenRecord token, string tokenId) =>
        token is { Role: Role.Admin, RevokedAtMs: 0 } && token.TokenId != tokenId;

    private TokenRecord Add(NewToken token, AuditNote note)
    {
        if (_byId.ContainsKey(token.TokenId) || _byHash.ContainsKey(token.Hash))
            throw new InvalidOperationException($"The token {token.TokenId} or its secret exists already.");
        var record = new TokenRecord(
            token.TokenId, token.Hash, token.Role, token.Label, token.ShownPrefix, token.CreatedAtMs, 0);
        _byId.Add(token.TokenId, record);
        _byHash.Add(token.Hash, token.TokenId);
        audit.Append(note);
        return record;
    }
}
