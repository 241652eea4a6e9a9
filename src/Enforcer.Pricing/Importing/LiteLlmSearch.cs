using System.Text.Json;
using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Importing;

/// <summary>
/// <c>search_context_cost_per_query</c>: what a web search costs by the size of its context. Google bills older Gemini models once for each
/// prompt that searched at all, and says so by leaving out <c>web_search_billing_unit</c>; everybody else bills each query.
/// </summary>
internal static class LiteLlmSearch
{
    private const string Name = "search_context_cost_per_query";
    private const string Unit = "web_search_billing_unit";
    private const string Size = "search_context_size_";

    public static void Read(LiteLlmEntry entry, string? provider, string? unit, JsonElement? value)
    {
        if (unit is not (null or "per_query" or "per_prompt")) entry.Problem(Unit, $"is '{unit}', neither per_query nor per_prompt");
        if (value is not { } sizes)
        {
            if (unit is not null) entry.Problem(Unit, $"stands without {Name}");
            return;
        }
        if (sizes.ValueKind != JsonValueKind.Object)
        {
            entry.Problem(Name, "is no object");
            return;
        }
        var (low, medium, high) = Sizes(entry, sizes);
        if (medium is not { } price) entry.Problem($"{Name}.{Size}medium", "is missing");
        else if (IsGoogles(provider) || unit == "per_prompt") ReadGoogles(entry, unit == "per_query", low, price, high);
        else AddSearches(entry, low, price, high);
    }

    private static (decimal? Low, decimal? Medium, decimal? High) Sizes(LiteLlmEntry entry, JsonElement sizes)
    {
        (decimal? low, decimal? medium, decimal? high) = (null, null, null);
        foreach (var size in sizes.EnumerateObject())
        {
            var path = $"{Name}.{size.Name}";
            switch (size.Name)
            {
                case Size + "low": low = entry.Price(path, size.Value); break;
                case Size + "medium": medium = entry.Price(path, size.Value); break;
                case Size + "high": high = entry.Price(path, size.Value); break;
                default: entry.Problem(path, "is not known"); break;
            }
        }
        return (low, medium, high);
    }

    /// <summary>Both counts are priced, the one that is not billed at 0: a call may report both.</summary>
    private static void ReadGoogles(LiteLlmEntry entry, bool perQuery, decimal? low, decimal medium, decimal? high)
    {
        if (perQuery)
        {
            AddSearches(entry, low, medium, high);
            entry.AddRate(Unit, UsageMeters.GroundedPrompt, 0);
        }
        else if ((low ?? medium) != medium || (high ?? medium) != medium) entry.Problem(Name, "differs by size although prompts are billed, not queries");
        else
        {
            entry.AddRate(Name, UsageMeters.GroundedPrompt, medium);
            entry.AddRate(Unit, UsageMeters.WebSearch, 0);
        }
    }

    /// <summary>A size that costs what the medium one does needs no line: it falls back to it.</summary>
    private static void AddSearches(LiteLlmEntry entry, decimal? low, decimal medium, decimal? high)
    {
        entry.AddRate(Name, UsageMeters.WebSearch, medium);
        if (low is { } small && small != medium) entry.AddRate(Name, UsageMeters.WebSearchLow, small);
        if (high is { } large && large != medium) entry.AddRate(Name, UsageMeters.WebSearchHigh, large);
    }

    private static bool IsGoogles(string? provider) => provider is "gemini" or "vertex_ai" or "vertex_ai-language-models";
}
