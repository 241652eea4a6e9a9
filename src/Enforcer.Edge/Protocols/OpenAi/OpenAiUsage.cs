using System.Text.Json;

namespace Enforcer.Edge.Protocols.OpenAi;

/// <summary>Reads OpenAI's two forms of usage.</summary>
internal static class OpenAiUsage
{
    /// <summary>Of chat completions and embeddings; null if it has no counts.</summary>
    public static UsageFigures? Chat(JsonElement usage)
    {
        if (UsageFigures.CountOf(usage, "prompt_tokens") is not { } prompt)
            return null;
        var into = UsageFigures.PartOf(usage, "prompt_tokens_details");
        var outOf = UsageFigures.PartOf(usage, "completion_tokens_details");
        return UsageFigures.OfTotals(
            prompt,
            UsageFigures.CountOf(into, "cached_tokens") ?? 0,
            UsageFigures.CountOf(into, "audio_tokens") ?? 0,
            UsageFigures.CountOf(usage, "completion_tokens") ?? 0,
            UsageFigures.CountOf(outOf, "reasoning_tokens") ?? 0,
            UsageFigures.CountOf(outOf, "audio_tokens") ?? 0,
            searches: 0);
    }

    /// <summary>Of responses; null if it has no counts.</summary>
    public static UsageFigures? Response(JsonElement usage, long searches)
    {
        if (UsageFigures.CountOf(usage, "input_tokens") is not { } input)
            return null;
        var into = UsageFigures.PartOf(usage, "input_tokens_details");
        var outOf = UsageFigures.PartOf(usage, "output_tokens_details");
        return UsageFigures.OfTotals(
            input,
            UsageFigures.CountOf(into, "cached_tokens") ?? 0,
            audio: 0,
            UsageFigures.CountOf(usage, "output_tokens") ?? 0,
            UsageFigures.CountOf(outOf, "reasoning_tokens") ?? 0,
            audioOut: 0,
            searches);
    }
}
