namespace Enforcer.Access;

/// <summary>
/// Remembers what hashes of secrets stand for, and which stand for nothing. Look-ups take no lock and allocate
/// nothing.
/// </summary>
/// <remarks>
/// <para><b>A revocation counts at once.</b> Loading a hash and forgetting it exclude each other by the hash's gate, and
/// whoever changes a credential makes that durable first and forgets it then. So a load that read the old state has
/// put it into the cache before it is forgotten, and a load that begins later reads the new state: once
/// <see cref="ForgetAsync"/> has completed, nobody is told the old one. Forgetting before the change is durable, or
/// loading outside the gate, would let an old state in for good.</para>
/// <para>Unknown and ended secrets are remembered in a map of their own, all alike: a flood of them takes no room
/// from the good ones, and asking again takes the same time for all of them.</para>
/// <para>Where other processes change the directory as well, nothing is told from memory while their changes may not have been heard of
/// (<see cref="IDirectoryNews"/>); what the directory itself answers always counts.</para>
/// </remarks>
internal sealed class CredentialCache<T> : ICredentialCache, IDisposable
    where T : class
{
    private const int Gates = 64;
    private static readonly object Nothing = new();

    private readonly Func<CredentialHash, CancellationToken, ValueTask<CacheEntry<T>?>> _load;
    private readonly TimeProvider _clock;
    private readonly IDirectoryNews? _news;
    private readonly BoundedMap<CacheEntry<T>> _known;
    private readonly BoundedMap<object> _unknown;
    private readonly SemaphoreSlim[] _gates = new SemaphoreSlim[Gates];

    public CredentialCache(
        Func<CredentialHash, CancellationToken, ValueTask<CacheEntry<T>?>> load,
        TimeProvider clock,
        CredentialCacheOptions options,
        IDirectoryNews? news)
    {
        options.Validate();
        _load = load;
        _clock = clock;
        _news = news;
        _known = new(options.Capacity);
        _unknown = new(options.UnknownCapacity);
        for (var i = 0; i < Gates; i++)
            _gates[i] = new SemaphoreSlim(1, 1);
        news?.Attach(this);
    }

    /// <summary>How many hashes are remembered, known and unknown: at most twice the two capacities.</summary>
    public int Count => _known.Count + _unknown.Count;

    /// <summary>True if the cache knows the answer; the answer is null for a secret that is not in force.</summary>
    public bool TryFind(in CredentialHash hash, out T? value)
    {
        value = null;
        if (_news is { IsCurrent: false })
            return false;
        var entry = _known.Find(in hash, out var isOld);
        if (entry is not null)
        {
            if (isOld)
                Renew(hash);
            value = IsOver(entry) ? null : entry.Value;
            return true;
        }

        return _unknown.Find(in hash, out _) is not null;
    }

    /// <summary>The value, from the cache or loaded; null for a secret that is not in force.</summary>
    public ValueTask<T?> FindAsync(CredentialHash hash, CancellationToken cancellation) =>
        TryFind(in hash, out var value) ? ValueTask.FromResult(value) : LoadAsync(hash, cancellation);

    /// <inheritdoc/>
    public async ValueTask ForgetAsync(CredentialHash hash)
    {
        var gate = GateOf(hash);
        await gate.WaitAsync().ConfigureAwait(false);
        try
        {
            _known.Remove(in hash);
            _unknown.Remove(in hash);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask ForgetAllAsync()
    {
        // With all gates in hand nobody is loading, or moving an entry from one generation to the other. Whoever loads holds one gate only.
        foreach (var gate in _gates)
            await gate.WaitAsync().ConfigureAwait(false);
        _known.Clear();
        _unknown.Clear();
        foreach (var gate in _gates)
            gate.Release();
    }

    public void Dispose()
    {
        foreach (var gate in _gates)
            gate.Dispose();
    }

    private async ValueTask<T?> LoadAsync(CredentialHash hash, CancellationToken cancellation)
    {
        var gate = GateOf(hash);
        await gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (TryFind(in hash, out var value))
                return value;
            var entry = await _load(hash, cancellation).ConfigureAwait(false);
            if (entry is null || IsOver(entry))
            {
                _unknown.Set(in hash, Nothing);
                return null;
            }

            _known.Set(in hash, entry);
            return entry.Value;
        }
        finally
        {
            gate.Release();
        }
    }

    // Keeps what is in use: moves it to the young generation, or leaves that to a later look-up if the gate is taken.
    private void Renew(CredentialHash hash)
    {
        var gate = GateOf(hash);
        if (!gate.Wait(0))
            return;
        try
        {
            if (_known.Find(in hash, out var isOld) is { } entry && isOld)
                _known.Set(in hash, entry);
        }
        finally
        {
            gate.Release();
        }
    }

    private bool IsOver(CacheEntry<T> entry) =>
        entry.ExpiresAtMs != 0 && _clock.GetUtcNow().ToUnixTimeMilliseconds() >= entry.ExpiresAtMs;

    private SemaphoreSlim GateOf(CredentialHash hash) => _gates[hash.GetHashCode() & (Gates - 1)];
}
