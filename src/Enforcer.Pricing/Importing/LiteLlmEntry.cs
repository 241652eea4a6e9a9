using System.Text.Json;
using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Importing;

/// <summary>One entry of LiteLLM's file as it is read, field by field. Either all of it is understood, or its problems are.</summary>
internal sealed class LiteLlmEntry(string model)
{
    private readonly SortedDictionary<(UsageMeter, ServiceTier, long), decimal> _rates = [];
    private readonly Dictionary<string, Ratio> _regions = new(StringComparer.Ordinal);
    private readonly Dictionary<ServiceTier, Ratio> _tiers = [];
    private readonly List<FieldProblem> _problems = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private string? _provider;
    private string? _mode;
    private string? _source;
    private string? _searchUnit;
    private JsonElement? _search;
    private long? _maxInput;
    private long? _maxOutput;
    private long? _maxLegacy;

    public IReadOnlyList<FieldProblem> Problems => _problems;

    public void Read(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            Problem("(entry)", "is no object");
            return;
        }
        foreach (var field in entry.EnumerateObject())
        {
            if (!_seen.Add(field.Name)) Problem(field.Name, "stands twice");
            else if (field.Value.ValueKind != JsonValueKind.Null) Read(field.Name, field.Value);
        }
        LiteLlmSearch.Read(this, _provider, _searchUnit, _search);
        if (_provider is null) Problem("litellm_provider", "is missing");
        if (_rates.Count == 0 && _problems.Count == 0) Problem("(prices)", "there is no field with a price");
    }

    /// <summary>The model, if there were no problems.</summary>
    public ModelRates ToModel() => new(_provider!, model, _rates.Select(r => new ListedRate(r.Key.Item1, r.Value, r.Key.Item2, r.Key.Item3)))
    {
        Mode = _mode,
        Source = _source,
        MaxInputTokens = _maxInput,
        MaxOutputTokens = _maxOutput ?? _maxLegacy,
        TierMultipliers = _tiers,
        RegionMultipliers = _regions,
    };

    public void Problem(string field, string reason) => _problems.Add(new FieldProblem(field, reason));

    public void AddRate(string field, UsageMeter meter, decimal price, ServiceTier tier = ServiceTier.Standard, long above = 0)
    {
        if (!_rates.TryAdd((meter, tier, above), price) && _rates[(meter, tier, above)] != price)
            Problem(field, $"says {ExactDecimal.Text(price)}, and another field of the same meaning says {ExactDecimal.Text(_rates[(meter, tier, above)])}");
    }

    public decimal? Price(string field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number || !ExactDecimal.TryParse(value.GetRawText(), out var price))
            Problem(field, $"is {Shown(value)}, which is no exact decimal number");
        else if (price < 0) Problem(field, $"is {Shown(value)}, below 0");
        else return price;
        return null;
    }

    private void Read(string name, JsonElement value)
    {
        switch (name)
        {
            case "litellm_provider": _provider = Text(name, value); break;
            case "mode": _mode = Text(name, value); break;
            case "source": _source = Text(name, value); break;
            case "max_input_tokens": _maxInput = Tokens(name, value); break;
            case "max_output_tokens": _maxOutput = Tokens(name, value); break;
            case "max_tokens": _maxLegacy = Tokens(name, value); break;
            case "search_context_cost_per_query": _search = value; break;
            case "web_search_billing_unit": _searchUnit = Text(name, value); break;
            case "tiered_pricing": LiteLlmTiers.Read(this, value); break;
            case "provider_specific_entry": ReadProviderSpecific(name, value); break;
            default: ReadOther(name, value); break;
        }
    }

    private void ReadOther(string name, JsonElement value)
    {
        const string Uplift = "regional_processing_uplift_multiplier_";
        if (LiteLlmFields.TryPrice(name, out var meter, out var per, out var tier, out var above))
        {
            if (Price(name, value) is { } price) AddRate(name, meter, price / per, tier, above);
        }
        else if (name.StartsWith(Uplift, StringComparison.Ordinal)) AddFactor(name, _regions, name[Uplift.Length..], value);
        else if (name.StartsWith("supports_", StringComparison.Ordinal) && value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            Problem(name, $"is {Shown(value)}, neither true nor false");
        else if (!LiteLlmFields.IsFact(name)) Problem(name, "is not known");
    }

    /// <summary>Factors of a provider's own: a faster mode, or a place that the call must stay in. The name of a request's format is no price.</summary>
    private void ReadProviderSpecific(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            Problem(name, "is no object");
            return;
        }
        foreach (var factor in value.EnumerateObject())
        {
            var path = $"{name}.{factor.Name}";
            if (factor.Name == "bedrock_invocation_schema" && factor.Value.ValueKind == JsonValueKind.String) continue;
            if (factor.Name == "fast") AddFactor(path, _tiers, ServiceTier.Fast, factor.Value);
            else if (factor.Name.Length == 2) AddFactor(path, _regions, factor.Name, factor.Value);
            else Problem(path, "is not known");
        }
    }

    private void AddFactor<TKey>(string field, Dictionary<TKey, Ratio> factors, TKey key, JsonElement value)
        where TKey : notnull
    {
        if (Price(field, value) is not { } factor) return;
        if (factor is <= 0 or > 1_000) Problem(field, $"is {Shown(value)}, which is no factor above 0");
        else if (!factors.TryAdd(key, Ratio.Of(factor))) Problem(field, "says again what another field says");
    }

    private string? Text(string field, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text) return text;
        Problem(field, $"is {Shown(value)}, which is no text");
        return null;
    }

    private long? Tokens(string field, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number && ExactDecimal.TryParse(value.GetRawText(), out var tokens)
            && tokens is >= 0 and <= Usage.MostPerMeter && decimal.IsInteger(tokens))
            return tokens == 0 ? null : (long)tokens;
        Problem(field, $"is {Shown(value)}, which is no number of tokens");
        return null;
    }

    private static string Shown(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= 40 ? text : text[..40] + "…";
    }
}
