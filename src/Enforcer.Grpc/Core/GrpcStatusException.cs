using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Enforcer.Grpc;

/// <summary>
/// Ends a call with a status other than <see cref="GrpcStatus.Ok"/>. Thrown by handlers and interceptors of a server, and by
/// every call of a client that failed.
/// </summary>
public sealed class GrpcStatusException : Exception
{
    /// <summary>Creates the exception with rich details, which travel in <c>grpc-status-details-bin</c>.</summary>
    /// <param name="code">The status; not <see cref="GrpcStatus.Ok"/>.</param>
    /// <param name="message">What the caller is told. It crosses the wire: nothing secret belongs in it.</param>
    /// <param name="details">Messages of <c>google.rpc</c> such as <c>ErrorInfo</c> or <c>QuotaFailure</c>.</param>
    public GrpcStatusException(GrpcStatus code, string message, params IMessage[] details)
        : this(code, message, Pack(details), trailers: null, inner: null)
    {
    }

    /// <summary>Creates the exception with the failure that caused it; the cause stays on this side of the wire.</summary>
    /// <param name="code">The status; not <see cref="GrpcStatus.Ok"/>.</param>
    /// <param name="message">What the caller is told.</param>
    /// <param name="inner">The cause.</param>
    public GrpcStatusException(GrpcStatus code, string message, Exception inner)
        : this(code, message, [], trailers: null, inner)
    {
    }

    internal GrpcStatusException(GrpcStatus code, string message, IReadOnlyList<Any> details, GrpcMetadata? trailers, Exception? inner)
        : base(message, inner)
    {
        if (code == GrpcStatus.Ok)
            throw new ArgumentOutOfRangeException(nameof(code), code, "A call that succeeded has no exception; use another code.");
        Code = code;
        Details = details;
        Trailers = trailers ?? new GrpcMetadata();
    }

    /// <summary>The status of the call.</summary>
    public GrpcStatus Code { get; }

    /// <summary>The rich details, packed as they travel.</summary>
    public IReadOnlyList<Any> Details { get; }

    /// <summary>On a client: the trailers that came with the status. On a server: trailers to send with it.</summary>
    public GrpcMetadata Trailers { get; }

    /// <summary>The first detail of type <typeparamref name="T"/>, or null.</summary>
    public T? Detail<T>()
        where T : class, IMessage<T>, new()
    {
        foreach (var any in Details)
        {
            if (any.TryUnpack<T>(out var detail))
                return detail;
        }
        return null;
    }

    private static Any[] Pack(IMessage[] details) => details.Length == 0 ? [] : Array.ConvertAll(details, Any.Pack);
}
