using System.Diagnostics.CodeAnalysis;
using Enforcer.Access;
using Enforcer.Server.Wire;

namespace Enforcer.Server.Security;

/// <summary>Who may come in, the same for gRPC and REST: identifies by token, asks the role, and records whom it turned away.</summary>
internal sealed class AccessGate(Authenticator authenticator, RefusalRecorder recorder)
{
    /// <summary>Lets in at once a caller who is known and may; false: ask <see cref="RequireAsync"/>.</summary>
    public bool TryAdmit(string? authorization, Permission needs, [NotNullWhen(true)] out Identity? identity) =>
        authenticator.TryAuthenticate(authorization, out identity) && identity is not null && identity.May(needs);

    /// <exception cref="Enforcer.Grpc.GrpcStatusException">UNAUTHENTICATED or PERMISSION_DENIED, in the audit trail; UNAVAILABLE if the directory cannot be read.</exception>
    public async ValueTask<Identity> RequireAsync(string? authorization, Permission needs, string method, string peer, CancellationToken cancel)
    {
        Identity? identity;
        try
        {
            identity = await authenticator.AuthenticateAsync(authorization, cancel).ConfigureAwait(false);
        }
        catch (DirectoryException)
        {
            throw Faults.Unavailable();
        }
        return identity is not null && identity.May(needs) ? identity : await RefuseAsync(identity, needs, method, peer, cancel).ConfigureAwait(false);
    }

    private async ValueTask<Identity> RefuseAsync(Identity? identity, Permission needs, string method, string peer, CancellationToken cancel)
    {
        if (identity is null)
        {
            await RecordAsync(AuditActions.Unauthenticated, "", method, peer, cancel).ConfigureAwait(false);
            throw Faults.Unauthenticated(Authenticator.Unauthenticated);
        }
        await RecordAsync(AuditActions.Forbidden, identity.TokenId, method, peer, cancel).ConfigureAwait(false);
        throw Faults.Forbidden(Authenticator.Forbidden(identity, needs));
    }

    private async ValueTask RecordAsync(string action, string actor, string method, string peer, CancellationToken cancel)
    {
        try
        {
            await recorder.RecordAsync(action, actor, method, "from " + peer, cancel).ConfigureAwait(false);
        }
        catch (DirectoryException)
        {
            // Turning somebody away must not depend on the disk.
        }
    }
}
