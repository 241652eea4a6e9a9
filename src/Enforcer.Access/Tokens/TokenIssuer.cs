namespace Enforcer.Access;

/// <summary>Makes and revokes tokens. Every change is durable, in the audit trail, and known to the authenticator when its call completes.</summary>
public sealed class TokenIssuer(ITokenDirectory tokens, Authenticator authenticator, TimeProvider clock, ISecretSource secrets)
{
    /// <summary>The actor of the first token.</summary>
    public const string FirstStart = "first-start";

    private readonly NameMaker _names = new(clock, secrets);

    /// <summary>
    /// Makes the first admin token if there has never been a token; null ever after. Whoever gets it must show it now:
    /// it is durable, and nobody gets it again.
    /// </summary>
    public async ValueTask<IssuedToken?> CreateFirstAsync(CancellationToken cancellation)
    {
        var (credential, token, note) = Prepare(Role.Admin, "first start", FirstStart);
        var record = await tokens.CreateFirstAsync(token, note, cancellation).ConfigureAwait(false);
        return record is null ? null : new IssuedToken(credential, record);
    }

    /// <summary>Makes a token; null if there are <see cref="DirectoryRules.MaxTokens"/> already.</summary>
    /// <param name="role">What its holder is.</param>
    /// <param name="label">For people; see <see cref="DirectoryRules.LabelRule"/>.</param>
    /// <param name="actor">The token id of who asks.</param>
    /// <param name="cancellation">Ends the wait; the token may have been made.</param>
    public async ValueTask<IssuedToken?> CreateAsync(
        Role role, string label, string actor, CancellationToken cancellation)
    {
        var (credential, token, note) = Prepare(role, label, actor);
        var record = await tokens.CreateAsync(token, note, cancellation).ConfigureAwait(false);
        return record is null ? null : new IssuedToken(credential, record);
    }

    /// <summary>Ends a token at once, unless it is the last admin token.</summary>
    public async ValueTask<TokenChange> RevokeAsync(string tokenId, string actor, CancellationToken cancellation)
    {
        var token = await tokens.GetAsync(tokenId, cancellation).ConfigureAwait(false);
        if (token is null)
            return new(TokenChangeResult.UnknownToken, null);
        var nowMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var note = new AuditNote(AuditKind.Change, nowMs, actor, AuditActions.TokenRevoke, tokenId, "");
        try
        {
            return await tokens.RevokeAsync(tokenId, nowMs, note, cancellation).ConfigureAwait(false);
        }
        finally
        {
            // Also after a failure: whatever is true now is then loaded afresh.
            await authenticator.ForgetAsync(token.Hash).ConfigureAwait(false);
        }
    }

    private (Credential Credential, NewToken Token, AuditNote Note) Prepare(Role role, string label, string actor)
    {
        var nowMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var credential = Credential.Create(RoleTable.KindOf(role), secrets);
        var token = new NewToken(_names.Next("tok_"), credential, role, label, nowMs);
        var detail = $"{RoleTable.NameOf(role)}: {label}";
        return (credential, token, new(AuditKind.Change, nowMs, actor, AuditActions.TokenCreate, token.TokenId, detail));
    }
}
