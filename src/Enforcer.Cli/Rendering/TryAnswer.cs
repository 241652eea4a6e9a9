namespace Enforcer.Cli.Rendering;

/// <summary>One answer of <c>try --json</c>.</summary>
/// <param name="Command"><c>reserve</c> or <c>commit</c>.</param>
/// <param name="ReservationId">A UUID.</param>
/// <param name="Refusal">The stable name, or null where it was granted.</param>
/// <param name="Message">The refusal in words.</param>
/// <param name="HeldNanos">Held after the command.</param>
/// <param name="ChargedNanos">Charged by the command.</param>
/// <param name="HeadroomNanos">Left after it; null where no cap applies.</param>
internal sealed record TryAnswer(
    string Command, string ReservationId, string? Refusal, string? Message, long HeldNanos, long ChargedNanos, long? HeadroomNanos);
