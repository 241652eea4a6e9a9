namespace Enforcer.Access;

/// <summary>
/// Makes, rotates and revokes customers' keys. Every change is durable, in the audit trail, and known to the cache
/// when its call completes.
/// </summary>
public sealed class KeyIssuer(IKeyDirectory keys, KeyCache cache, TimeProvider clock, ISecretSource secrets)
{
    /// <summary>The longest overlap of a rotation.</summary>
    public static readonly TimeSpan MaxOverlap = TimeSpan.FromDays(365);

    private readonly NameMaker _names = new(clock, secrets);

    /// <summary>Makes a key for an account; null if there is no account with that number.</summary>
    /// <param name="accountNumber">The account that pays.</param>
    /// <param name="label">For people; see <see cref="DirectoryRules.LabelRule"/>.</param>
    /// <param name="actor">The token id of who asks.</param>
    /// <param name="reason">Why, for the audit trail.</param>
    /// <param name="cancellation">Ends the wait; the key may have been made.</param>
    public async ValueTask<IssuedKey?> CreateAsync(
        long accountNumber, string label, string actor, string reason, CancellationToken cancellation)
    {
        var nowMs = NowMs();
        var credential = Credential.Create(CredentialKind.Key, secrets);
        var key = new NewKey(_names.Next("key_"), credential, accountNumber, label, nowMs);
        var note = new AuditNote(AuditKind.Change, nowMs, actor, AuditActions.KeyCreate, key.KeyId, reason);
        var record = await keys.CreateAsync(key, note, cancellation).ConfigureAwait(false);
        return record is null ? null : new IssuedKey(credential, record);
    }

    /// <summary>Makes a successor; the old secret works on for the overlap and then ends by itself.</summary>
    /// <param name="keyId">The key to be replaced.</param>
    /// <param name="overlap">From zero (the old one ends at once) to <see cref="MaxOverlap"/>.</param>
    /// <param name="actor">The token id of who asks.</param>
    /// <param name="cancellation">Ends the wait; the successor may have been made.</param>
    public async ValueTask<KeyRotation> RotateAsync(
        string keyId, TimeSpan overlap, string actor, CancellationToken cancellation)
    {
        if (overlap < TimeSpan.Zero || overlap > MaxOverlap)
            throw new ArgumentOutOfRangeException(nameof(overlap), overlap, $"The overlap is 0 to {MaxOverlap.Days} days.");
        var old = await keys.GetAsync(keyId, cancellation).ConfigureAwait(false);
        if (old is null)
            return new(KeyChangeResult.UnknownKey, null, null);
        var nowMs = NowMs();
        var credential = Credential.Create(CredentialKind.Key, secrets);
        var successor = new NewKey(_names.Next("key_"), credential, old.AccountNumber, old.Label, nowMs);
        var detail = $"successor {successor.KeyId}, overlap {(long)overlap.TotalMilliseconds} ms";
        var note = new AuditNote(AuditKind.Change, nowMs, actor, AuditActions.KeyRotate, keyId, detail);
        var endsAtMs = nowMs + (long)overlap.TotalMilliseconds;
        KeyChange change;
        try
        {
            change = await keys.RotateAsync(keyId, successor, endsAtMs, note, cancellation).ConfigureAwait(false);
        }
        finally
        {
            // Also after a failure: whatever is true now is then loaded afresh.
            await cache.ForgetAsync(old.Hash).ConfigureAwait(false);
        }

        var issued = change.Successor is null ? null : new IssuedKey(credential, change.Successor);
        return new(change.Result, change.Old, issued);
    }

    /// <summary>Ends a key at once; null if there is no such key. Its successor works on.</summary>
    public async ValueTask<KeyRecord?> RevokeAsync(
        string keyId, string actor, string reason, CancellationToken cancellation)
    {
        var key = await keys.GetAsync(keyId, cancellation).ConfigureAwait(false);
        if (key is null)
            return null;
        var nowMs = NowMs();
        var note = new AuditNote(AuditKind.Change, nowMs, actor, AuditActions.KeyRevoke, keyId, reason);
        try
        {
            return await keys.RevokeAsync(keyId, nowMs, note, cancellation).ConfigureAwait(false);
        }
        finally
        {
            await cache.ForgetAsync(key.Hash).ConfigureAwait(false);
        }
    }

    private long NowMs() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
