using System.Text.Json;
using Enforcer.Pricing.Metering;

namespace Enforcer.Edge.Protocols;

/// <summary>
/// A provider's usage in disjoint meters. Providers count some tokens in two places (a cached token in the prompt and among the cached ones);
/// here each is in one. Figures that contradict each other never make a negative quantity, and never fewer tokens than the larger sum.
/// </summary>
internal sealed record UsageFigures
{
    public long Input { get; init; }

    public long InputCached { get; init; }

    public long CacheWrite5m { get; init; }

    public long CacheWrite1h { get; init; }

    public long InputAudio { get; init; }

    public long InputAudioCached { get; init; }

    public long Output { get; init; }

    public long Reasoning { get; init; }

    public long OutputAudio { get; init; }

    public long WebSearches { get; init; }

    /// <summary>OpenAI's usage: totals, and details that are parts of them.</summary>
    public static UsageFigures OfTotals(long prompt, long cached, long audio, long completion, long reasoning, long audioOut, long searches)
    {
        // Audio that was read from a cache is counted among both.
        var both = Math.Max(0, cached + audio - prompt);
        return new UsageFigures
        {
            Input = Math.Max(0, prompt - cached - audio),
            InputCached = Math.Max(0, cached - both),
            InputAudio = Math.Max(0, audio - both),
            InputAudioCached = Math.Min(both, Math.Min(cached, audio)),
            Output = Math.Max(0, completion - reasoning - audioOut),
            Reasoning = reasoning,
            OutputAudio = audioOut,
            WebSearches = searches,
        };
    }

    /// <summary>Quantities by meter; none that is zero, and a request.</summary>
    public Dictionary<string, long> ToQuantities()
    {
        var quantities = new Dictionary<string, long>();
        Add(UsageMeters.Input, Input);
        Add(UsageMeters.InputCached, InputCached);
        Add(UsageMeters.CacheWrite5m, CacheWrite5m);
        Add(UsageMeters.CacheWrite1h, CacheWrite1h);
        Add(UsageMeters.InputAudio, InputAudio);
        Add(UsageMeters.InputAudioCached, InputAudioCached);
        Add(UsageMeters.Output, Output);
        Add(UsageMeters.Reasoning, Reasoning);
        Add(UsageMeters.OutputAudio, OutputAudio);
        Add(UsageMeters.WebSearch, WebSearches);
        Add(UsageMeters.Requests, 1);
        return quantities;

        void Add(UsageMeter meter, long quantity)
        {
            if (quantity > 0)
                quantities[meter.Name] = Math.Min(quantity, Pricing.Metering.Usage.MostPerMeter);
        }
    }

    /// <summary>A count in a provider's usage; null if it is not there, which is not the same as zero.</summary>
    public static long? CountOf(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var count) && count >= 0
            ? Math.Min(count, Pricing.Metering.Usage.MostPerMeter)
            : null;

    /// <summary>An object in a provider's usage; an undefined element if it is not there.</summary>
    public static JsonElement PartOf(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var part) ? part : default;
}
