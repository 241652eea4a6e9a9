using Microsoft.Extensions.Logging;

namespace Enforcer.Storage.Postgres;

internal static partial class DirectoryLog
{
    [LoggerMessage(1, LogLevel.Warning, "The connection that tells of changed credentials is lost; until it is back, every key and token is asked for. {Problem}")]
    public static partial void Lost(ILogger log, string problem);

    [LoggerMessage(2, LogLevel.Information, "Changed credentials are told of again.")]
    public static partial void Found(ILogger log);
}
