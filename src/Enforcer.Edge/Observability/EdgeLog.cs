namespace Enforcer.Edge.Observability;

internal static partial class EdgeLog
{
    [LoggerMessage(1, LogLevel.Information, "The edge serves {Address}, with Enforcer at {Enforcer}; {Open} calls of an earlier run are to be settled.")]
    public static partial void Started(ILogger log, Uri address, string enforcer, int open);

    [LoggerMessage(2, LogLevel.Warning, "{Address} is not loopback and has no certificate: keys travel in the clear. Set tls_certificate and tls_key.")]
    public static partial void InTheClear(ILogger log, Uri address);

    [LoggerMessage(3, LogLevel.Error, "The outbox cannot be written; no call passes until it can.")]
    public static partial void OutboxFailed(ILogger log, Exception failure);

    [LoggerMessage(4, LogLevel.Error, "Reservation {Reservation} of account {Account} can never be settled: it is not known any more. What was held has been charged when it expired.")]
    public static partial void NeverSettled(ILogger log, Guid reservation, string account);

    [LoggerMessage(5, LogLevel.Warning, "Enforcer does not answer: {Reason}")]
    public static partial void GateClosed(ILogger log, string reason);

    [LoggerMessage(6, LogLevel.Warning, "Upstream {Upstream} failed: {Reason}")]
    public static partial void UpstreamFailed(ILogger log, string upstream, string reason);

    [LoggerMessage(7, LogLevel.Error, "Upstream {Upstream} does not accept the secret: status {Status}. Set the one that is valid there.")]
    public static partial void SecretRefused(ILogger log, string upstream, int status);

    [LoggerMessage(8, LogLevel.Warning, "Reservation {Reservation} is booked by a bound: {Reason}")]
    public static partial void Estimated(ILogger log, Guid reservation, string reason);

    [LoggerMessage(9, LogLevel.Error, "Enforcer refused the settlement of reservation {Reservation}: {Refusal}. What was held for it is booked.")]
    public static partial void SettlementRefused(ILogger log, Guid reservation, string refusal);

    [LoggerMessage(11, LogLevel.Error, "The settlement of reservation {Reservation} failed in the edge itself; it is tried again.")]
    public static partial void SettlementFailed(ILogger log, Guid reservation, Exception failure);

    [LoggerMessage(12, LogLevel.Warning, "Not ready: {Problem}")]
    public static partial void NotReady(ILogger log, string problem);

    [LoggerMessage(13, LogLevel.Information, "Ready.")]
    public static partial void Ready(ILogger log);

    [LoggerMessage(10, LogLevel.Error, "A call failed in the edge itself.")]
    public static partial void CallFailed(ILogger log, Exception failure);
}
