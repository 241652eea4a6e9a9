using Enforcer.Grpc.Protos.Reflection;
using Google.Protobuf.Reflection;

namespace Enforcer.Grpc;

/// <summary>The service <c>grpc.reflection.v1.ServerReflection</c>: tells clients such as grpcurl what a server offers.</summary>
public static class ReflectionService
{
    /// <summary>Describes <paramref name="services"/>, and reflection itself.</summary>
    public static GrpcService Create(IEnumerable<ServiceDescriptor> services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var own = ReflectionReflection.Descriptor.Services[0];
        var catalogue = new ReflectionCatalogue([.. services, own]);
        return new GrpcService(own).Duplex<ServerReflectionRequest, ServerReflectionResponse>(
            "ServerReflectionInfo", (requests, responses, _) => AnswerAsync(catalogue, requests, responses), maxReceiveBytes: 64 * 1024);
    }

    private static async Task AnswerAsync(
        ReflectionCatalogue catalogue,
        GrpcStreamReader<ServerReflectionRequest> requests,
        GrpcStreamWriter<ServerReflectionResponse> responses)
    {
        while (await requests.ReadAsync().ConfigureAwait(false) is { } request)
            await responses.WriteAsync(catalogue.Answer(request)).ConfigureAwait(false);
    }
}
