using Microsoft.Extensions.Logging;

namespace Enforcer.Grpc;

internal static partial class GrpcServerLog
{
    [LoggerMessage(1, LogLevel.Error, "The handler of {Method} failed.")]
    public static partial void HandlerFailed(ILogger logger, Exception failure, string method);
}
