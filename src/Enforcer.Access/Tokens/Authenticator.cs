namespace Enforcer.Access;

/// <summary>
/// From an <c>authorization</c> header to who asks. A missing, malformed, unknown and revoked token all answer null,
/// take the same way (hash, look up, compare) and get the same words.
/// </summary>
public sealed class Authenticator : IDisposable
{
    /// <summary>What every caller without a token in force is told, whatever the cause.</summary>
    public const string Unauthenticated =
        "No valid token. Send 'authorization: Bearer enf_…' with a token that is in force.";

    private const string Scheme = "Bearer ";

    private readonly ITokenDirectory _tokens;
    private readonly CredentialCache<Identity> _cache;
    private readonly HashedTexts _hashed = new();

    /// <summary>An authenticator over a directory; with its news, if other processes change it as well.</summary>
    public Authenticator(ITokenDirectory tokens, TimeProvider clock, CredentialCacheOptions options, IDirectoryNews? news = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(options);
        _tokens = tokens;
        _cache = new(LoadAsync, clock, options, news);
    }

    /// <summary>
    /// Who asks, if the cache knows; null if it knows that nobody does. False: ask <see cref="AuthenticateAsync"/>. Allocates nothing.
    /// </summary>
    public bool TryAuthenticate(string? authorization, out Identity? identity) => _cache.TryFind(HashOf(authorization), out identity);

    /// <summary>Who asks; null if nobody who is known. Completes at once, without allocating, if the token is cached.</summary>
    /// <exception cref="DirectoryException">The directory cannot be read.</exception>
    public ValueTask<Identity?> AuthenticateAsync(string? authorization, CancellationToken cancellation) =>
        _cache.FindAsync(HashOf(authorization), cancellation);

    /// <summary>What a caller whose role lacks a permission is told.</summary>
    public static string Forbidden(Identity identity, Permission needed)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return $"The token's role is {RoleTable.NameOf(identity.Role)}; this needs {RoleTable.NamesOf(needed)}.";
    }

    /// <summary>Forgets a token that was changed, after the change is durable. <see cref="TokenIssuer"/> does it.</summary>
    public ValueTask ForgetAsync(CredentialHash hash) => _cache.ForgetAsync(hash);

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();

    private async ValueTask<CacheEntry<Identity>?> LoadAsync(CredentialHash hash, CancellationToken cancellation)
    {
        var token = await _tokens.FindAsync(hash, cancellation).ConfigureAwait(false);
        return token is { RevokedAtMs: 0 } && token.Hash == hash
            ? new(new Identity(token.TokenId, token.Role, token.Label), 0)
            : null;
    }

    private CredentialHash HashOf(string? authorization)
    {
        if (authorization is null) return CredentialHash.Of(ReadOnlySpan<char>.Empty);
        if (_hashed.TryGet(authorization, out var known)) return known;
        var presented = authorization.AsSpan().Trim(' ');
        var token = presented.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? presented[Scheme.Length..].Trim(' ')
            : default;
        return _hashed.Keep(authorization, CredentialHash.Of(token));
    }
}
