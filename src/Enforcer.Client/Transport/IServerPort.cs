using Enforcer.Grpc;
using Google.Protobuf;

namespace Enforcer.Client;

/// <summary>A server as a client reaches it: its connections, which are made when they are needed.</summary>
internal interface IServerPort : IDisposable
{
    /// <summary>Begins a session; it is connected when its first flush completes.</summary>
    ISessionStream OpenSession();

    /// <summary>One request, one response.</summary>
    /// <exception cref="GrpcStatusException">The call failed.</exception>
    ValueTask<TResponse> UnaryAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions options)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>;

    /// <summary>One request, a stream of responses.</summary>
    /// <exception cref="GrpcStatusException">While enumerating: the call failed.</exception>
    IAsyncEnumerable<TResponse> StreamAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>;
}
