namespace Enforcer.Access;

/// <summary>
/// Tokens of edges and operators. Each change is written together with its line in the audit trail; a call that changes
/// nothing writes none. Nothing is deleted.
/// </summary>
public interface ITokenDirectory
{
    /// <summary>
    /// Stores a new token. Durable when it completes. Null, and nothing changed, if there are
    /// <see cref="DirectoryRules.MaxTokens"/> already.
    /// </summary>
    /// <exception cref="InvalidOperationException">The id or the hash exists: the randomness is broken.</exception>
    ValueTask<TokenRecord?> CreateAsync(NewToken token, AuditNote note, CancellationToken cancellation);

    /// <summary>
    /// Stores the very first token: null, and nothing changed, if there has ever been one. Of any number of callers at
    /// the same time exactly one gets an answer, for the life of the directory. Durable when it completes.
    /// </summary>
    ValueTask<TokenRecord?> CreateFirstAsync(NewToken token, AuditNote note, CancellationToken cancellation);

    /// <summary>Finds a token by the hash of its secret, revoked or not; null if there is none.</summary>
    ValueTask<TokenRecord?> FindAsync(CredentialHash hash, CancellationToken cancellation);

    /// <summary>Finds a token by its id; null if there is none.</summary>
    ValueTask<TokenRecord?> GetAsync(string tokenId, CancellationToken cancellation);

    /// <summary>All tokens in the order in which they were made, at most <see cref="DirectoryRules.MaxTokens"/>.</summary>
    ValueTask<IReadOnlyList<TokenRecord>> ListAsync(CancellationToken cancellation);

    /// <summary>
    /// Ends a token for good. Durable when it completes. The last admin token that is in force is not revoked,
    /// because nobody could make another; revoking twice keeps the first time and is no error.
    /// </summary>
    ValueTask<TokenChange> RevokeAsync(string tokenId, long atMs, AuditNote note, CancellationToken cancellation);
}
