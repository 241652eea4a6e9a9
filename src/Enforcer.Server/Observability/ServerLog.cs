using Microsoft.Extensions.Logging;

namespace Enforcer.Server.Observability;

internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Information, "Enforcer serves gRPC on {Grpc} and HTTP on {Http}; data in {Data}.")]
    public static partial void Started(ILogger log, Uri grpc, Uri http, string data);

    [LoggerMessage(2, LogLevel.Warning, "{Address} is not loopback and has no certificate: tokens and keys travel in the clear. Set tls_certificate and tls_key.")]
    public static partial void InTheClear(ILogger log, Uri address);

    [LoggerMessage(3, LogLevel.Critical, "Journal or directory have ended; the process must end. Start it again when the cause is mended.")]
    public static partial void StorageEnded(ILogger log, Exception cause);
}
