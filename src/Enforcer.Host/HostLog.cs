using Microsoft.Extensions.Logging;

namespace Enforcer.Host;

internal static partial class HostLog
{
    [LoggerMessage(1, LogLevel.Critical, "Account {Account} broke a rule of the ledger and was dropped from memory; run 'enforcer verify'.")]
    public static partial void AccountBroken(ILogger log, long account, Exception exception);

    [LoggerMessage(4, LogLevel.Debug, "Account {Account} could not be loaded: {Problem}")]
    public static partial void LoadRefused(ILogger log, long account, string problem);

    [LoggerMessage(2, LogLevel.Error, "Account {Account} could not be loaded.")]
    public static partial void LoadFailed(ILogger log, long account, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "Upkeep of accounts failed in '{Step}'; it goes on at the next tick.")]
    public static partial void UpkeepFailed(ILogger log, string step, Exception exception);
}
