using System.Text.Encodings.Web;
using System.Text.Json;
using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Json;

/// <summary>
/// Rate cards as files. A price stands as it is published: <c>"price": 5, "per": 1000000</c>, and <c>per</c> is a power of ten, so that the
/// unit price is exact. The text that is written is canonical: one card, one text, one content id.
/// </summary>
public static class RateCardJson
{
    private const int MostPer = 1_000_000_000;
    private static readonly JsonWriterOptions Format =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a card.</summary>
    /// <exception cref="RateCardException">The file is no JSON, lacks a field, has one that is not understood, or contradicts itself.</exception>
    public static RateCard Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return Card(new JsonFields(document.RootElement, "card"));
        }
        catch (JsonException e)
        {
            throw new RateCardException($"The rate card is no JSON: {e.Message}", e);
        }
    }

    /// <summary>The canonical text of a card, UTF-8.</summary>
    public static byte[] Write(RateCard card)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Format)) WriteCard(writer, card);
        return buffer.ToArray();
    }

    internal static RateCard Card(JsonFields fields)
    {
        var models = new List<ModelRates>();
        foreach (var model in fields.List("models")) models.Add(Model(new JsonFields(model, $"{fields.Path}.models[{models.Count}]")));
        var card = new RateCard(fields.Text("seller"), fields.Text("unit"), models) { Source = fields.OptionalText("source") };
        fields.End();
        return card;
    }

    internal static void WriteCard(Utf8JsonWriter writer, RateCard card)
    {
        writer.WriteStartObject();
        writer.WriteString("seller", card.Seller);
        writer.WriteString("unit", card.Unit);
        WriteOptional(writer, "source", card.Source);
        writer.WriteStartArray("models");
        foreach (var model in card.Models) WriteModel(writer, model);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static ModelRates Model(JsonFields fields)
    {
        var rates = new List<ListedRate>();
        foreach (var rate in fields.List("rates")) rates.Add(Rate(new JsonFields(rate, $"{fields.Path}.rates[{rates.Count}]")));
        var model = new ModelRates(fields.Text("provider"), fields.Text("model"), rates)
        {
            Mode = fields.OptionalText("mode"),
            MaxInputTokens = fields.OptionalWhole("maxInputTokens"),
            MaxOutputTokens = fields.OptionalWhole("maxOutputTokens"),
            Source = fields.OptionalText("source"),
            TierMultipliers = fields.Ratios("tierMultipliers").ToDictionary(m => Tier(m.Name, $"{fields.Path}.tierMultipliers"), m => m.Value),
            RegionMultipliers = fields.Ratios("regionMultipliers").ToDictionary(m => m.Name, m => m.Value),
        };
        fields.End();
        return model;
    }

    private static ListedRate Rate(JsonFields fields)
    {
        var rate = new ListedRate(
            fields.Meter("meter"),
            UnitPrice(fields.Number("price"), fields.OptionalWhole("per") ?? 1, fields.Path),
            fields.OptionalText("tier") is { } tier ? Tier(tier, $"{fields.Path}.tier") : ServiceTier.Standard,
            fields.OptionalWhole("abovePromptTokens") ?? 0);
        fields.End();
        return rate;
    }

    /// <summary>What one unit costs if so many cost so much; <c>per</c> is a power of ten, so that it is exact.</summary>
    /// <exception cref="RateCardException">It is no power of ten, or the price has too many digits; the message begins with the path.</exception>
    public static decimal UnitPrice(decimal price, long per, string path)
    {
        if (per is < 1 or > MostPer || !IsPowerOfTen(per))
            throw new RateCardException($"{path}.per is {per}: give 1, 10, 100 and so on up to {MostPer}.");
        var unitPrice = price / per;
        return unitPrice * per == price ? unitPrice : throw new RateCardException($"{path}.price is {ExactDecimal.Text(price)}: it has too many digits.");
    }

    private static bool IsPowerOfTen(long number)
    {
        while (number % 10 == 0) number /= 10;
        return number == 1;
    }

    private static ServiceTier Tier(string name, string path) => ServiceTiers.TryParse(name, out var tier)
        ? tier
        : throw new RateCardException($"{path} is '{name}': give standard, batch, flex, priority or fast.");

    private static void WriteModel(Utf8JsonWriter writer, ModelRates model)
    {
        writer.WriteStartObject();
        writer.WriteString("provider", model.Provider);
        writer.WriteString("model", model.Model);
        WriteOptional(writer, "mode", model.Mode);
        if (model.MaxInputTokens is { } input) writer.WriteNumber("maxInputTokens", input);
        if (model.MaxOutputTokens is { } output) writer.WriteNumber("maxOutputTokens", output);
        WriteOptional(writer, "source", model.Source);
        WriteRatios(writer, "tierMultipliers", model.TierMultipliers.OrderBy(m => m.Key).Select(m => (ServiceTiers.NameOf(m.Key), m.Value)));
        WriteRatios(writer, "regionMultipliers", model.RegionMultipliers.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => (m.Key, m.Value)));
        writer.WriteStartArray("rates");
        foreach (var rate in model.Rates) WriteRate(writer, rate);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteRate(Utf8JsonWriter writer, ListedRate rate)
    {
        var per = rate.Meter.IsToken && rate.UnitPrice < 1_000_000 ? 1_000_000 : 1;
        writer.WriteStartObject();
        writer.WriteString("meter", rate.Meter.Name);
        WriteNumber(writer, "price", rate.UnitPrice * per);
        if (per > 1) writer.WriteNumber("per", per);
        if (rate.Tier != ServiceTier.Standard) writer.WriteString("tier", ServiceTiers.NameOf(rate.Tier));
        if (rate.AbovePromptTokens > 0) writer.WriteNumber("abovePromptTokens", rate.AbovePromptTokens);
        writer.WriteEndObject();
    }

    private static void WriteRatios(Utf8JsonWriter writer, string name, IEnumerable<(string Name, Ratio Value)> ratios)
    {
        var list = ratios.ToList();
        if (list.Count == 0) return;
        writer.WriteStartObject(name);
        foreach (var (key, value) in list)
        {
            var text = value.ToString();
            if (text.Contains('/', StringComparison.Ordinal)) throw new RateCardException($"{name}.{key} is {text}: give a factor that is a decimal number.");
            writer.WritePropertyName(key);
            writer.WriteRawValue(text);
        }
        writer.WriteEndObject();
    }

    internal static void WriteOptional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null) writer.WriteString(name, value);
    }

    internal static void WriteNumber(Utf8JsonWriter writer, string name, decimal value)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(ExactDecimal.Text(value));
    }
}
