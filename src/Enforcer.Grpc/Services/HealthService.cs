using Enforcer.Grpc.Protos.Health;
using ServingStatus = Enforcer.Grpc.Protos.Health.HealthCheckResponse.Types.ServingStatus;

namespace Enforcer.Grpc;

/// <summary>The service <c>grpc.health.v1.Health</c>.</summary>
public static class HealthService
{
    /// <summary>Serves <paramref name="state"/>.</summary>
    public static GrpcService Create(HealthState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new GrpcService(HealthReflection.Descriptor.Services[0])
            .Unary<HealthCheckRequest, HealthCheckResponse>("Check", (request, _) => new(Check(state, request)))
            .Unary<HealthListRequest, HealthListResponse>("List", (_, _) => new(List(state)))
            .ServerStream<HealthCheckRequest, HealthCheckResponse>("Watch", (request, responses, call) => WatchAsync(state, request, responses, call));
    }

    private static HealthCheckResponse Check(HealthState state, HealthCheckRequest request) =>
        state.Get(request.Service) is { } status
            ? new() { Status = (ServingStatus)status }
            : throw new GrpcStatusException(GrpcStatus.NotFound, $"service '{request.Service}' is not known here; List names those that are.");

    private static HealthListResponse List(HealthState state)
    {
        var response = new HealthListResponse();
        foreach (var (service, status) in state.Snapshot())
            response.Statuses[service] = new() { Status = (ServingStatus)status };
        return response;
    }

    private static async Task WatchAsync(
        HealthState state, HealthCheckRequest request, GrpcStreamWriter<HealthCheckResponse> responses, GrpcCall call)
    {
        ServingStatus? told = null;
        while (true)
        {
            var (status, changed) = state.Observe(request.Service);
            var now = status is { } known ? (ServingStatus)known : ServingStatus.ServiceUnknown;
            if (now != told)
            {
                responses.Write(new() { Status = now });
                await responses.FlushAsync().ConfigureAwait(false);
                told = now;
            }
            await changed.WaitAsync(call.CancellationToken).ConfigureAwait(false);
        }
    }
}
