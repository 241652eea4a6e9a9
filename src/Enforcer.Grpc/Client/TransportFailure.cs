using System.Net.Sockets;

namespace Enforcer.Grpc;

/// <summary>What a failure of HTTP/2 or of the connection means as a status, where the caller neither cancelled nor ran out of time.</summary>
internal static class TransportFailure
{
    private const long Http11Required = 13;

    public static GrpcStatusException Translate(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is GrpcStatusException status)
                return status;
            if (cause is HttpProtocolException protocol)
                return new(FromReset(protocol.ErrorCode), SaidBy(protocol.ErrorCode), failure);
        }
        // The transport also "cancels": calls that were about to be sent when their connection broke, and whoever waited for one that
        // never came up. Nobody here asked for that, and another try may succeed. A socket that was reset before the transport asked whom it leads to
        // fails with the socket's own exception, which nothing wraps.
        if (failure is HttpRequestException or IOException or SocketException or ObjectDisposedException or OperationCanceledException)
            return new(GrpcStatus.Unavailable, "the server cannot be reached, or the connection to it broke.", failure);
        return new(GrpcStatus.Internal, "the call failed on this side.", failure);
    }

    public static GrpcStatus FromHttp(int statusCode) => statusCode switch
    {
        400 => GrpcStatus.Internal,
        401 => GrpcStatus.Unauthenticated,
        403 => GrpcStatus.PermissionDenied,
        404 => GrpcStatus.Unimplemented,
        429 or 502 or 503 or 504 => GrpcStatus.Unavailable,
        _ => GrpcStatus.Unknown,
    };

    private static GrpcStatus FromReset(long errorCode) => errorCode switch
    {
        0 => GrpcStatus.Unavailable, // NO_ERROR: a server that goes away closes its connections with it
        1 => GrpcStatus.Unavailable, // PROTOCOL_ERROR: what the transport says when a keepalive ping goes unanswered
        7 => GrpcStatus.Unavailable, // REFUSED_STREAM
        8 => GrpcStatus.Cancelled, // CANCEL
        11 => GrpcStatus.ResourceExhausted, // ENHANCE_YOUR_CALM
        12 => GrpcStatus.PermissionDenied, // INADEQUATE_SECURITY
        Http11Required => GrpcStatus.Unimplemented,
        _ => GrpcStatus.Internal,
    };

    private static string SaidBy(long errorCode) => errorCode == Http11Required
        ? "the server there speaks HTTP/1.1 only, and so no gRPC."
        : $"the server reset the call with HTTP/2 error {errorCode}.";
}
