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

    public static GrpcChannel Open(Target target) => new(target.Address, new GrpcChannelOptions
    {
        Headers = new GrpcMetadata { { "authorization", $"Bearer {target.Token}" } },
    });
}
