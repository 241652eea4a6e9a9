namespace Enforcer.Access;

/// <summary>
/// From the hash of a presented key to the account that pays, for every command: no lock and no allocation once a key
/// is known. Unknown, malformed, expired and revoked keys all answer null, in the same way.
/// </summary>
public sealed class KeyCache : IDisposable
{
    private readonly IKeyDirectory _keys;
    private readonly TimeProvider _clock;
    private readonly CredentialCache<KeyGrant> _cache;

    /// <summary>A cache over a directory; with its news, if other processes change it as well.</summary>
    public KeyCache(IKeyDirectory keys, TimeProvider clock, CredentialCacheOptions options, IDirectoryNews? news = null)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(options);
        _keys = keys;
        _clock = clock;
        _cache = new(LoadAsync, clock, options, news);
    }

    /// <summary>How many keys are remembered: at most twice the sum of the options' figures.</summary>
    public int Count => _cache.Count;

    /// <summary>True if the answer is known without asking the directory; the grant is null for a key not in force.</summary>
    public bool TryFind(in CredentialHash hash, out KeyGrant? grant) => _cache.TryFind(in hash, out grant);

    /// <summary>What a key stands for; null if it is not in force. Completes at once if the cache knows.</summary>
    /// <exception cref="DirectoryException">The directory cannot be read.</exception>
    public ValueTask<KeyGrant?> FindAsync(CredentialHash hash, CancellationToken cancellation) =>
        _cache.FindAsync(hash, cancellation);

    /// <summary>Forgets a key that was changed, after the change is durable. <see cref="KeyIssuer"/> does it.</summary>
    public ValueTask ForgetAsync(CredentialHash hash) => _cache.ForgetAsync(hash);

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();

    private async ValueTask<CacheEntry<KeyGrant>?> LoadAsync(CredentialHash hash, CancellationToken cancellation)
    {
        var key = await _keys.FindAsync(hash, cancellation).ConfigureAwait(false);
        var nowMs = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        return key is not null && key.Hash == hash && key.StateAt(nowMs) == KeyState.Active
            ? new(new KeyGrant(key.KeyId, key.AccountNumber, key.Account), key.ExpiresAtMs)
            : null;
    }
}
