using System.Text.Json;
using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Importing;

/// <summary>
/// <c>tiered_pricing</c>: prices by the size of the prompt, each tier with its range of tokens. The ranges must join up from 0; the whole
/// request is priced in the tier of its prompt, and the last tier goes on above its range.
/// </summary>
internal static class LiteLlmTiers
{
    private const string Name = "tiered_pricing";

    public static void Read(LiteLlmEntry entry, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
        {
            entry.Problem(Name, "is no list of tiers");
            return;
        }
        var end = 0L;
        foreach (var tier in value.EnumerateArray())
        {
            if (tier.ValueKind != JsonValueKind.Object || !tier.TryGetProperty("range", out var range))
            {
                entry.Problem(Name, $"has a tier without a range of tokens{Others(tier)}");
                return;
            }
            if (!TryRange(range, out var from, out var to) || from != end || to <= from)
            {
                entry.Problem($"{Name}.range", $"is {range.GetRawText()}, which does not join up with {end}");
                return;
            }
            ReadTier(entry, tier, from);
            end = to;
        }
    }

    private static void ReadTier(LiteLlmEntry entry, JsonElement tier, long from)
    {
        foreach (var field in tier.EnumerateObject().Where(f => f.Name != "range"))
        {
            var path = $"{Name}.{field.Name}";
            if (!LiteLlmFields.TryPrice(field.Name, out var meter, out var per, out var service, out var above) || above > 0) entry.Problem(path, "is not known");
            else if (entry.Price(path, field.Value) is { } price) entry.AddRate(path, meter, price / per, service, from);
        }
    }

    private static bool TryRange(JsonElement range, out long from, out long to)
    {
        (from, to) = (0, 0);
        return range.ValueKind == JsonValueKind.Array && range.GetArrayLength() == 2 && TryTokens(range[0], out from) && TryTokens(range[1], out to);
    }

    private static bool TryTokens(JsonElement value, out long tokens)
    {
        tokens = 0;
        if (value.ValueKind != JsonValueKind.Number || !ExactDecimal.TryParse(value.GetRawText(), out var number)) return false;
        if (number is < 0 or > Usage.MostPerMeter || !decimal.IsInteger(number)) return false;
        tokens = (long)number;
        return true;
    }

    private static string Others(JsonElement tier) => tier.ValueKind != JsonValueKind.Object
        ? ""
        : $" (it has {string.Join(", ", tier.EnumerateObject().Select(f => f.Name))})";
}
