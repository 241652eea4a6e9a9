using Enforcer.Grpc;
using Enforcer.Protocol.V1;

namespace Enforcer.LoadTests.Edges;

/// <summary>The methods of the edge service, and channels that bring a token along.</summary>
internal static class EdgeChannel
{
    private static readonly Google.Protobuf.Reflection.ServiceDescriptor Service = EdgeReflection.Descriptor.Services[0];

    public static GrpcMethod<CommandBatch, OutcomeBatch> Session { get; } = GrpcMethod.Create<CommandBatch, OutcomeBatch>(Service, "Session");

    public static GrpcMethod<ReserveRequest, Outcome> Reserve { get; } = GrpcMethod.Create<ReserveRequest, Outcome>(Service, "Reserve");

    public static GrpcMethod<CommitRequest, Outcome> Commit { get; } = GrpcMethod.Create<CommitRequest, Outcome>(Service, "Commit");

    public static GrpcMethod<ReleaseRequest, Outcome> Release { get; } = GrpcMethod.Create<ReleaseRequest, Outcome>(Service, "Release");

    public static GrpcChannel Open(Target target) => new(target.Address, OptionsFor(target));

    /// <summary>A channel to each node. One that is silent while it owes answers is left soon: there are others to ask.</summary>
    public static IReadOnlyList<GrpcChannel> OpenAll(Target target)
    {
        if (target.Others.Count == 0)
            return [Open(target)];
        var options = OptionsFor(target);
        options.ConnectTimeout = TimeSpan.FromSeconds(1);
        options.KeepAlivePingDelay = TimeSpan.FromSeconds(1);
        options.KeepAlivePingTimeout = TimeSpan.FromSeconds(1);
        return [.. target.Addresses.Select(address => new GrpcChannel(address, options))];
    }

    private static GrpcChannelOptions OptionsFor(Target target) => new()
    {
        Headers = new GrpcMetadata { { "authorization", $"Bearer {target.Token}" } },
    };
}
