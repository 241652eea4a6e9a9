using System.Text.Json;
using Enforcer.Pricing.Cards;

namespace Enforcer.Pricing.Importing;

/// <summary>
/// Makes a rate card of LiteLLM's price file (<c>model_prices_and_context_window.json</c>). Nothing is dropped in silence: an entry is
/// imported only if every field of it is understood, and is rejected by name with the fields that are not.
/// </summary>
public static class LiteLlmImporter
{
    /// <summary>The file is in US dollars.</summary>
    private const string Unit = "USD";

    /// <summary>Reads a file.</summary>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="seller">Who sells at these prices: the name of the price book.</param>
    /// <exception cref="RateCardException">The file is no JSON, or no object of entries.</exception>
    public static ImportReport Import(ReadOnlyMemory<byte> utf8, string seller)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new RateCardException("The price file is no object: give LiteLLM's model_prices_and_context_window.json.");
            return Import(document.RootElement, seller);
        }
        catch (JsonException e)
        {
            throw new RateCardException($"The price file is no JSON: {e.Message}", e);
        }
    }

    private static ImportReport Import(JsonElement root, string seller)
    {
        var models = new SortedDictionary<string, ModelRates>(StringComparer.Ordinal);
        var rejected = new List<RejectedEntry>();
        foreach (var field in root.EnumerateObject())
        {
            var entry = new LiteLlmEntry(field.Name);
            entry.Read(field.Value);
            if (models.ContainsKey(field.Name)) entry.Problem("(entry)", "stands twice");
            if (entry.Problems.Count == 0) models.Add(field.Name, entry.ToModel());
            else rejected.Add(new RejectedEntry(field.Name, entry.Problems));
        }
        rejected.Sort((left, right) => string.CompareOrdinal(left.Model, right.Model));
        return new ImportReport(new RateCard(seller, Unit, models.Values) { Source = "LiteLLM price file" }, rejected);
    }
}
