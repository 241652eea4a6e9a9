using Microsoft.Extensions.Logging;

namespace Enforcer.Client;

/// <summary>What the client logs. Never a key or a token.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(1, LogLevel.Debug, "Session to {Address} opened.")]
    public static partial void SessionOpened(ILogger logger, Uri address);

    [LoggerMessage(2, LogLevel.Warning, "Session to {Address} lost; unanswered commands will be sent again.")]
    public static partial void SessionLost(ILogger logger, Uri address, Exception failure);

    [LoggerMessage(3, LogLevel.Error, "Session refused; commands on their way fail.")]
    public static partial void SessionRefused(ILogger logger, Exception failure);

    [LoggerMessage(4, LogLevel.Error, "A handler of outcomes threw; handlers must not.")]
    public static partial void HandlerFailed(ILogger logger, Exception failure);

    [LoggerMessage(5, LogLevel.Warning, "Reservation {ReservationId} could not be ended while it was disposed; it will expire.")]
    public static partial void EndFailed(ILogger logger, Guid reservationId, Exception failure);

    [LoggerMessage(6, LogLevel.Warning, "Reservation {ReservationId} was refused its end while it was disposed: {Refusal}")]
    public static partial void EndRefused(ILogger logger, Guid reservationId, SpendRefusal refusal);
}
