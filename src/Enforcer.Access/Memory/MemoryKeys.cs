namespace Enforcer.Access;

internal sealed class MemoryKeys(Lock one, MemoryAccounts accounts, MemoryAuditTrail audit) : IKeyDirectory
{
    private readonly SortedDictionary<string, KeyRecord> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<CredentialHash, string> _byHash = [];

    public ValueTask<KeyRecord?> CreateAsync(NewKey key, AuditNote note, CancellationToken cancellation)
    {
        lock (one)
        {
            var account = accounts.Find(key.AccountNumber);
            if (account is null)
                return ValueTask.FromResult<KeyRecord?>(null);
            var record = Add(key, account);
            audit.Append(note);
            return ValueTask.FromResult<KeyRecord?>(record);
        }
    }

    public ValueTask<KeyRecord?> FindAsync(CredentialHash hash, CancellationToken cancellation)
    {
        lock (one)
            return ValueTask.FromResult(_byHash.TryGetValue(hash, out var keyId) ? _byId[keyId] : null);
    }

    public ValueTask<KeyRecord?> GetAsync(string keyId, CancellationToken cancellation)
    {
        lock (one)
            return ValueTask.FromResult(_byId.GetValueOrDefault(keyId));
    }

    public ValueTask<IReadOnlyList<KeyRecord>> ListAsync(
        long? accountNumber, string after, int count, CancellationToken cancellation)
    {
        DirectoryRules.RequirePage(count);
        lock (one)
        {
            var page = _byId.Values
                .Where(key => string.CompareOrdinal(key.KeyId, after) > 0)
                .Where(key => accountNumber is null || key.AccountNumber == accountNumber)
                .Take(count);
            return ValueTask.FromResult<IReadOnlyList<KeyRecord>>(page.ToList());
        }
    }

    public ValueTask<KeyChange> RotateAsync(
        string keyId, NewKey successor, long expiresAtMs, AuditNote note, CancellationToken cancellation)
    {
        lock (one)
        {
            if (!_byId.TryGetValue(keyId, out var old))
                return ValueTask.FromResult(new KeyChange(KeyChangeResult.UnknownKey, null, null));
            if (old.RevokedAtMs != 0)
                return ValueTask.FromResult(new KeyChange(KeyChangeResult.Revoked, old, null));
            if (old.Successor is not null)
                return ValueTask.FromResult(new KeyChange(KeyChangeResult.HasSuccessor, old, null));
            if (old.AccountNumber != successor.AccountNumber)
                throw new ArgumentException("A successor belongs to the same account.", nameof(successor));
            var added = Add(successor, accounts.Find(old.AccountNumber)!);
            var ending = old with { ExpiresAtMs = expiresAtMs, Successor = added.KeyId };
            _byId[keyId] = ending;
            audit.Append(note);
            return ValueTask.FromResult(new KeyChange(KeyChangeResult.Done, ending, added));
        }
    }

    public ValueTask<KeyRecord?> RevokeAsync(string keyId, long atMs, AuditNote note, CancellationToken cancellation)
    {
        lock (one)
        {
            if (!_byId.TryGetValue(keyId, out var key) || key.RevokedAtMs != 0)
                return ValueTask.FromResult(key);
            var revoked = key with { RevokedAtMs = atMs };
            _byId[keyId] = revoked;
            audit.Append(note);
            return ValueTask.FromResult<KeyRecord?>(revoked);
        }
    }

    private KeyRecord Add(NewKey key, AccountRecord account)
    {
        if (_byId.ContainsKey(key.KeyId) || _byHash.ContainsKey(key.Hash))
            throw new InvalidOperationException($"The key {key.KeyId} or its secret exists already.");
        var record = new KeyRecord(
            key.KeyId, key.Hash, account.Number, account.Id, key.Label, key.ShownPrefix, key.CreatedAtMs, 0, 0, null);
        _byId.Add(key.KeyId, record);
        _byHash.Add(key.Hash, key.KeyId);
        return record;
    }
}
