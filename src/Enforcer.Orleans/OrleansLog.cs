using Microsoft.Extensions.Logging;

namespace Enforcer.Orleans;

internal static partial class OrleansLog
{
    [LoggerMessage(1, LogLevel.Warning, "Account {Account} was not handed over in full; the next owner reads the rest from the journal: {Problem}")]
    public static partial void NotLetGo(ILogger log, long account, string problem);

    [LoggerMessage(2, LogLevel.Information, "Node {Node} was replaced: its silo is dead.")]
    public static partial void HasReplaced(ILogger log, string node);

    [LoggerMessage(3, LogLevel.Warning, "Dead nodes could not be replaced yet; it is tried again: {Problem}")]
    public static partial void NotReplaced(ILogger log, string problem);

    [LoggerMessage(4, LogLevel.Warning, "Balances could not be published; it goes on with the next ones: {Problem}")]
    public static partial void NotPublished(ILogger log, string problem);
}
