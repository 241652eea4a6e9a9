using Enforcer.Grpc;

namespace Enforcer.Client;

/// <summary>Says what went wrong in words that name the address, the option and the way out.</summary>
internal static class Failures
{
    /// <summary>Whether repeating cannot help: the server is there and does not serve this client.</summary>
    public static bool IsFinal(GrpcStatus code) => code is GrpcStatus.Unauthenticated or GrpcStatus.PermissionDenied
        or GrpcStatus.Unimplemented or GrpcStatus.InvalidArgument or GrpcStatus.ResourceExhausted or GrpcStatus.FailedPrecondition;

    /// <summary>Whether the server refuses the call from the start, before it reads from it.</summary>
    public static bool IsUnread(GrpcStatus code) => code is GrpcStatus.Unauthenticated or GrpcStatus.PermissionDenied or GrpcStatus.Unimplemented;

    public static EnforcerException Translate(Exception failure, Uri address)
    {
        var status = failure as GrpcStatusException;
        var code = status?.Code ?? (failure is OperationCanceledException ? GrpcStatus.Cancelled : GrpcStatus.Internal);
        var said = failure.Message.TrimEnd('.');
        var message = code switch
        {
            GrpcStatus.Unauthenticated => $"the server at {address} does not accept the token: {said}. Set Token to one that `enforcer tokens create` made there and that is not revoked.",
            GrpcStatus.PermissionDenied => $"the server at {address} does not allow this with the token's role: {said}. Use a token with the role that the call needs.",
            GrpcStatus.Unavailable => $"the server at {address} cannot be reached or cannot serve now: {said}. Check Endpoints and that the server is running.",
            GrpcStatus.Unimplemented => $"what listens at {address} does not offer this call: {said}. Check that Endpoints names the gRPC address of an Enforcer server (7070 by default).",
            _ => $"the server at {address} answered {code}: {said}.",
        };
        return new EnforcerException(code, message, failure)
        {
            MayHaveTakenEffect = code is GrpcStatus.Unavailable or GrpcStatus.DeadlineExceeded or GrpcStatus.Cancelled or GrpcStatus.Internal or GrpcStatus.Unknown,
        };
    }

    /// <summary>The server serves this client no more; what it was asked before may have taken effect.</summary>
    public static EnforcerException Final(EnforcerException trouble, bool wasSent) =>
        new(trouble.Code, trouble.Message, trouble.InnerException) { MayHaveTakenEffect = wasSent };

    /// <summary>No answer within the timeout.</summary>
    public static EnforcerException Late(TimeSpan timeout, Uri address, bool wasSent, EnforcerException? trouble)
    {
        if (trouble is not null)
            return new(trouble.Code, $"no answer within {timeout} (Timeout): {trouble.Message}", trouble) { MayHaveTakenEffect = wasSent };
        return new(GrpcStatus.DeadlineExceeded,
            $"no answer from {address} within {timeout} (Timeout); the server is slow or the connection hangs.")
        { MayHaveTakenEffect = wasSent };
    }
}
