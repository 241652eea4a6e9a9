using Enforcer.Protocol.V1;
using Google.Protobuf.Reflection;

namespace Enforcer.Cli.Rendering;

/// <summary>Refusals in words.</summary>
internal static class RefusalText
{
    /// <summary>The name on the wire, for scripts: <c>EXCEEDS_SPEND_CAP</c>.</summary>
    public static string WireName(Refusal refusal) =>
        EdgeReflection.Descriptor.FindTypeByName<EnumDescriptor>(nameof(Refusal)).FindValueByNumber((int)refusal)?.Name ?? refusal.ToString();

    /// <summary>Which limit refused, how much is missing, and when to try again.</summary>
    public static string Describe(Outcome outcome)
    {
        var detail = outcome.Detail;
        var text = outcome.Refusal.ToString();
        if (detail is null)
            return text + ".";
        if (detail.Message.Length > 0)
            text += ": " + CleanText.Of(detail.Message);
        if (detail.RetryAfterMs > 0)
            text += $" Try again in {TimeText.Length(detail.RetryAfterMs)}.";
        return text;
    }
}
