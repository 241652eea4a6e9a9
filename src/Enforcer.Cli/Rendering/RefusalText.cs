using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;
using Google.Protobuf.Reflection;

namespace Enforcer.Cli.Rendering;

/// <summary>Refusals in words.</summary>
internal static class RefusalText
{
    /// <summary>The name on the wire, for scripts: <c>EXCEEDS_SPEND_CAP</c>.</summary>
    public static string WireName(Refusal refusal) =>
        EdgeReflection.Descriptor.FindTypeByName<EnumDescriptor>(nameof(Refusal)).FindValueByNumber((int)refusal)?.Name ?? refusal.ToString();

    /// <summary>Why a change was refused, by which limit, how much is missing, and when to try again.</summary>
    /// <param name="outcome">The refusal.</param>
    /// <param name="unit">The account's.</param>
    public static string Describe(Outcome outcome, string unit) => outcome.Detail is { } detail
        ? Named(outcome.Refusal, detail.Limit, detail.Message) + Missing(outcome.Refusal, detail.ShortBy, detail.InFlight, unit) + Again(detail.RetryAfterMs)
        : $"{outcome.Refusal}.";

    /// <summary>Why a call was refused, by which limit, how much is missing, and when to try again.</summary>
    /// <param name="refusal">The refusal.</param>
    /// <param name="unit">The account's.</param>
    public static string Describe(SpendRefusal refusal, string unit) =>
        Named(refusal.Reason, refusal.Limit, refusal.Message) + Missing(refusal.Reason, refusal.ShortBy, refusal.InFlight, unit)
        + Again((long)(refusal.RetryAfter?.TotalMilliseconds ?? 0));

    private static string Named(Refusal reason, string limit, string message)
    {
        var name = limit.Length == 0 ? reason.ToString() : $"{reason} ({CleanText.Of(limit)})";
        return message.Length == 0 ? $"{name}." : $"{name}: {CleanText.Of(message)}";
    }

    /// <summary>What is short by an amount; rates and concurrency count otherwise, and time helps them.</summary>
    private static string Missing(Refusal reason, long shortBy, long inFlight, string unit)
    {
        if (shortBy <= 0)
            return "";
        var amount = MoneyText.Format(shortBy, unit);
        var held = inFlight > 0 ? $", and open reservations hold {MoneyText.Format(inFlight, unit)} of that" : "";
        return reason switch
        {
            Refusal.ExceedsSpendCap or Refusal.ExceedsSpendCapInFlight => $" {amount} is missing{held}.",
            Refusal.ExceedsCommitted => $" It is {amount} too much.",
            Refusal.BelowMarginFloor => $" Its cost is {amount} above its price.",
            _ => "",
        };
    }

    private static string Again(long retryAfterMs) => retryAfterMs > 0 ? $" Try again in {TimeText.Length(retryAfterMs)}." : "";
}
