namespace Enforcer.Access.Tests;

/// <summary>Passes everything on, for tests that step into one call.</summary>
internal abstract class ForwardingKeys(IKeyDirectory inner) : IKeyDirectory
{
    public virtual ValueTask<KeyRecord?> FindAsync(CredentialHash hash, CancellationToken cancellation) =>
        inner.FindAsync(hash, cancellation);

    public ValueTask<KeyRecord?> CreateAsync(NewKey key, AuditNote note, CancellationToken cancellation) =>
        inner.CreateAsync(key, note, cancellation);

    public ValueTask<KeyRecord?> GetAsync(string keyId, CancellationToken cancellation) =>
        inner.GetAsync(keyId, cancellation);

    public ValueTask<IReadOnlyList<KeyRecord>> ListAsync(
        long? accountNumber, string after, int count, CancellationToken cancellation) =>
        inner.ListAsync(accountNumber, after, count, cancellation);

    public ValueTask<KeyChange> RotateAsync(
        string keyId, NewKey successor, long expiresAtMs, AuditNote note, CancellationToken cancellation) =>
        inner.RotateAsync(keyId, successor, expiresAtMs, note, cancellation);

    public ValueTask<KeyRecord?> RevokeAsync(string keyId, long atMs, AuditNote note, CancellationToken cancellation) =>
        inner.RevokeAsync(keyId, atMs, note, cancellation);
}
