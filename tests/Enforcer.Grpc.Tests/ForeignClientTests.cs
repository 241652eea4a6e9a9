using Enforcer.Foreign;
using Enforcer.Grpc.Protos.Health;
using Enforcer.Grpc.Protos.Reflection;
using Enforcer.Grpc.Tests.Protos;
using Enforcer.Grpc.Tests.Support;
using Google.Protobuf.Reflection;
using Google.Rpc;

namespace Enforcer.Grpc.Tests;

/// <summary>Clients of other makers against this server: what both ends believe to be gRPC is gRPC.</summary>
[Trait("needs", "foreign")]
public sealed class ForeignClientTests
{
    private static readonly string[] Scenarios =
    [
        "unary", "concurrent", "server_stream", "duplex", "stream_headers", "deadline", "cancel", "oversize_request", "oversize_stream",
        "oversize_reply", "metadata", "rich_status", "failure_after_messages", "crash", "unknown_method", "gzip", "health", "reflection",
    ];

    internal static FileDescriptorSet Schema { get; } = ForeignPeer.Schema(
        ProbeReflection.Descriptor, HealthReflection.Descriptor, ReflectionReflection.Descriptor,
        StatusReflection.Descriptor, ErrorDetailsReflection.Descriptor);

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var scenario in Scenarios)
            {
                cases.Add("node", scenario);
                cases.Add("python", scenario);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Foreign_client_gets_what_it_expects(string language, string scenario)
    {
        await using var server = await ProbeServer.StartAsync(services:
            [HealthService.Create(new HealthState()), ReflectionService.Create([ProbeService.Descriptor])]);
        await ForeignPeer.RunAsync(language, "probe_client", Schema, scenario, $"127.0.0.1:{server.Address.Port}");
        if (scenario is "cancel" or "deadline")
            await server.Probe.Cancelled.WaitAsync(Patience.Limit);
    }
}
