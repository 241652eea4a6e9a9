using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Metering;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Operators.Prices;

/// <summary>What one rate card says otherwise than another.</summary>
internal static class CardDiff
{
    /// <summary>How many models are only in the second, only in the first, and in both with other prices.</summary>
    public static (int Added, int Removed, int Changed) Count(RateCard before, RateCard after)
    {
        var (old, added, changed) = (ByName(before), 0, 0);
        foreach (var model in after.Models)
        {
            if (!old.Remove((model.Provider, model.Model), out var was)) added++;
            else if (!LinesOf(was).SequenceEqual(LinesOf(model))) changed++;
        }
        return (added, old.Count, changed);
    }

    /// <summary>Every line that differs, by model.</summary>
    public static IEnumerable<V1.PriceChange> Lines(RateCard before, RateCard after)
    {
        var (old, now) = (ByName(before), ByName(after));
        foreach (var name in old.Keys.Union(now.Keys).OrderBy(name => name.Model, StringComparer.Ordinal).ThenBy(name => name.Provider, StringComparer.Ordinal))
        {
            var (from, to) = (TextsOf(old.GetValueOrDefault(name)), TextsOf(now.GetValueOrDefault(name)));
            foreach (var line in from.Keys.Union(to.Keys))
            {
                var (was, becomes) = (from.GetValueOrDefault(line, ""), to.GetValueOrDefault(line, ""));
                if (was != becomes) yield return new V1.PriceChange { Provider = name.Provider, Model = name.Model, Line = line, From = was, To = becomes };
            }
        }
    }

    private static Dictionary<(string Provider, string Model), ModelRates> ByName(RateCard card) => card.Models.ToDictionary(model => (model.Provider, model.Model));

    private static IEnumerable<(string, string)> LinesOf(ModelRates model) => TextsOf(model).Select(line => (line.Key, line.Value));

    private static Dictionary<string, string> TextsOf(ModelRates? model)
    {
        var lines = new Dictionary<string, string>(StringComparer.Ordinal);
        if (model is null) return lines;
        foreach (var rate in model.Rates) lines[NameOf(rate)] = ExactDecimal.Text(rate.UnitPrice);
        foreach (var (name, value) in PriceViews.Multipliers(model)) lines[$"{name} multiplier"] = value.ToString();
        return lines;
    }

    private static string NameOf(ListedRate rate)
    {
        var tier = rate.Tier == ServiceTier.Standard ? "" : $" {ServiceTiers.NameOf(rate.Tier)}";
        return rate.AbovePromptTokens == 0 ? $"{rate.Meter}{tier}" : $"{rate.Meter}{tier} above {rate.AbovePromptTokens} prompt tokens";
    }
}
