namespace Enforcer.Access;

/// <summary>
/// Customers' keys. Each change is written together with its line in the audit trail: one cannot be without the other;
/// a call that changes nothing writes none. Nothing is deleted; a revoked key stays to be looked at.
/// </summary>
public interface IKeyDirectory
{
    /// <summary>
    /// Stores a new key. Durable when it completes. Null if there is no account with that number, and then nothing
    /// changed.
    /// </summary>
    /// <exception cref="InvalidOperationException">The id or the hash exists: the randomness is broken.</exception>
    ValueTask<KeyRecord?> CreateAsync(NewKey key, AuditNote note, CancellationToken cancellation);

    /// <summary>Finds a key by the hash of its secret, whatever its state; null if there is none.</summary>
    ValueTask<KeyRecord?> FindAsync(CredentialHash hash, CancellationToken cancellation);

    /// <summary>Finds a key by its id; null if there is none.</summary>
    ValueTask<KeyRecord?> GetAsync(string keyId, CancellationToken cancellation);

    /// <summary>The keys after a key id in ordinal order, which is the order in which they were made.</summary>
    /// <param name="accountNumber">Only this account's; null for all.</param>
    /// <param name="after">The last key id of the page before, or empty.</param>
    /// <param name="count">At most this many: 1 to <see cref="DirectoryRules.MaxPage"/>.</param>
    /// <param name="cancellation">Ends the wait, not a change.</param>
    ValueTask<IReadOnlyList<KeyRecord>> ListAsync(long? accountNumber, string after, int count, CancellationToken cancellation);

    /// <summary>
    /// In one step stores a successor for the same account and lets the old key end at
    /// <paramref name="expiresAtMs"/>. Durable when it completes. A key that is revoked or has a
    /// successor is not rotated, and then nothing changed.
    /// </summary>
    ValueTask<KeyChange> RotateAsync(
        string keyId, NewKey successor, long expiresAtMs, AuditNote note, CancellationToken cancellation);

    /// <summary>
    /// Ends a key for good. Durable when it completes. Revoking twice keeps the first time and is no error; its
    /// successor is not touched.
    /// </summary>
    ValueTask<KeyRecord?> RevokeAsync(string keyId, long atMs, AuditNote note, CancellationToken cancellation);
}
