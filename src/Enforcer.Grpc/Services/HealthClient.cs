using Enforcer.Grpc.Protos.Health;

namespace Enforcer.Grpc;

/// <summary>Asks <c>grpc.health.v1.Health</c> of another process.</summary>
public static class HealthClient
{
    private static readonly GrpcMethod<HealthCheckRequest, HealthCheckResponse> Check =
        GrpcMethod.Create<HealthCheckRequest, HealthCheckResponse>(HealthReflection.Descriptor.Services[0], "Check");

    /// <summary>The status of a service.</summary>
    /// <param name="channel">To the server.</param>
    /// <param name="service">The full name of a service; empty for the server as a whole.</param>
    /// <param name="options">Deadline and cancellation.</param>
    /// <exception cref="GrpcStatusException">The server cannot be reached, or does not know the service (NOT_FOUND).</exception>
    public static async ValueTask<HealthStatus> CheckAsync(GrpcChannel channel, string service = "", GrpcCallOptions options = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return (HealthStatus)(await channel.UnaryAsync(Check, new HealthCheckRequest { Service = service }, options).ConfigureAwait(false)).Status;
    }
}
