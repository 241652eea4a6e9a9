using Microsoft.Extensions.Logging;

namespace Enforcer.Server.Observability;

internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Information, "Enforcer serves gRPC on {Grpc} and HTTP on {Http}; data in {Place}.")]
    public static partial void Started(ILogger log, Uri grpc, Uri http, string place);

    [LoggerMessage(2, LogLevel.Warning, "{Address} is not loopback and has no certificate: tokens and keys travel in the clear. Set tls_certificate and tls_key.")]
    public static partial void InTheClear(ILogger log, Uri address);

    [LoggerMessage(4, LogLevel.Error, "Account {Account} is not served: its journal is damaged. Run 'enforcer verify', and restore a backup.")]
    public static partial void NotServed(ILogger log, long account);

    [LoggerMessage(5, LogLevel.Error, "Not ready: {Problem}")]
    public static partial void NotReady(ILogger log, string problem);

    [LoggerMessage(6, LogLevel.Information, "Ready again.")]
    public static partial void ReadyAgain(ILogger log);

    [LoggerMessage(3, LogLevel.Critical, "Journal, directory or this node's place among the others have ended; the process must end. Start it again when the cause is mended.")]
    public static partial void StorageEnded(ILogger log, Exception cause);
}
