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

    /// <summary>Why a change was refused, how much is missing, and when to try again.</summary>
    /// <param name="outcome">The refusal.</param>
    /// <param name="unit">The account's.</param>
    public static string Describe(Outcome outcome, string unit) => outcome.Detail is { } detail
        ? Describe(outcome.Refusal, detail.Message, detail.ShortBy, detail.InFlight, detail.RetryAfterMs, unit)
        : $"{outcome.Refusal}.";

    /// <summary>Why a call was refused, how much is missing, and when to try again.</summary>
    /// <param name="refusal">The refusal.</param>
    /// <param name="unit">The account's.</param>
    public static string Describe(SpendRefusal refusal, string unit) => Describe(
        refusal.Reason, refusal.Message, refusal.ShortBy, refusal.InFlight, (long)(refusal.RetryAfter?.TotalMilliseconds ?? 0), unit);

    private static string Describe(Refusal reason, string message, long shortBy, long inFlight, long retryAfterMs, string unit)
    {
        var text = message.Length == 0 ? $"{reason}." : $"{reason}: {CleanText.Of(message)}";
        if (shortBy > 0)
            text += Missing(reason, MoneyText.Format(shortBy, unit), inFlight > 0 ? $", and open reservations hold {MoneyText.Format(inFlight, unit)} of that" : "");
        return retryAfterMs > 0 ? $"{text} Try again in {TimeText.Length(retryAfterMs)}." : text;
    }

    /// <summary>What is short by an amount; rates and concurrency count otherwise, and time helps them.</summary>
    private static string Missing(Refusal reason, string amount, string held) => reason switch
    {
        Refusal.ExceedsSpendCap or Refusal.ExceedsSpendCapInFlight => $" {amount} is missing{held}.",
        Refusal.ExceedsCommitted => $" It is {amount} too much.",
        Refusal.BelowMarginFloor => $" Its cost is {amount} above its price.",
        _ => "",
    };
}
