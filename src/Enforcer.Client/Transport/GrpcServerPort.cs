using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using Google.Protobuf;

namespace Enforcer.Client;

/// <summary>A server that is reached over gRPC.</summary>
internal sealed class GrpcServerPort : IServerPort
{
    private static readonly GrpcMethod<CommandBatch, OutcomeBatch> Session =
        GrpcMethod.Create<CommandBatch, OutcomeBatch>(EdgeReflection.Descriptor.Services[0], "Session");

    /// <summary>A connection that is silent for so long, while calls are open on it, is asked whether it lives.</summary>
    private static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(1);

    /// <summary>It is given up, for the next server, if it does not say so within this.</summary>
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(1);

    private readonly GrpcChannel _channel;

    public GrpcServerPort(Uri address, EnforcerClientOptions options)
    {
        var channel = new GrpcChannelOptions
        {
            ConnectTimeout = options.ConnectTimeout,
            Tls = options.Tls,
            Headers = new GrpcMetadata { { "authorization", "Bearer " + options.Token } },
            TimeProvider = options.TimeProvider,
        };
        // Where there is another server to ask, nobody waits for the greater part of a minute for one that is frozen or cut off.
        if (options.Endpoints.Count > 1)
            (channel.KeepAlivePingDelay, channel.KeepAlivePingTimeout) = (SilentFor, AnswersWithin);
        _channel = new GrpcChannel(address, channel);
    }

    public ISessionStream OpenSession() => new GrpcSessionStream(_channel.Duplex(Session));

    public ValueTask<TResponse> UnaryAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions options)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => _channel.UnaryAsync(method, request, options);

    public IAsyncEnumerable<TResponse> StreamAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => _channel.ServerStream(method, request, default, cancellationToken);

    public void Dispose() => _channel.Dispose();
}
