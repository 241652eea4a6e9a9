using System.Text.Encodings.Web;
using System.Text.Json;
using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Rules;

namespace Enforcer.Pricing.Json;

/// <summary>Price plans as files: <c>{"name": "…", "rules": [{"rule": "markup", "percent": 5}]}</c>. What is written is canonical.</summary>
public static class PricePlanJson
{
    private static readonly JsonWriterOptions Format =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a plan.</summary>
    /// <exception cref="RateCardException">The file is no JSON, lacks a field, has one that is not understood, or contradicts itself.</exception>
    public static PricePlan Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            var fields = new JsonFields(document.RootElement, "plan");
            var rules = fields.List("rules").Select((rule, i) => Rule(new JsonFields(rule, $"plan.rules[{i}]"))).ToList();
            var plan = new PricePlan(fields.Text("name"), rules);
            fields.End();
            return plan;
        }
        catch (JsonException e)
        {
            throw new RateCardException($"The price plan is no JSON: {e.Message}", e);
        }
    }

    /// <summary>The canonical text of a plan, UTF-8.</summary>
    public static byte[] Write(PricePlan plan)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Format))
        {
            writer.WriteStartObject();
            writer.WriteString("name", plan.Name);
            writer.WriteStartArray("rules");
            foreach (var rule in plan.Rules) WriteRule(writer, rule);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static PriceRule Rule(JsonFields fields)
    {
        var models = fields.OptionalText("models") is { } pattern ? new ModelPattern(pattern) : ModelPattern.All;
        var rule = ByName(fields) with { Models = models };
        fields.End();
        return rule;
    }

    private static PriceRule ByName(JsonFields fields) => fields.Text("rule") switch
    {
        "markup" => new Markup(fields.Number("percent")) { On = Group(fields, "on") },
        "unitMarkup" => new UnitMarkup(fields.Meter("meter"), fields.Number("price")),
        "requestFee" => new RequestFee(fields.Number("fee")),
        "discount" => new Discount(fields.Number("percent")) { On = Group(fields, "on"), Tier = Tier(fields) },
        "ownPriceList" => new OwnPriceList(RateCardJson.Card(new JsonFields(fields.Element("card"), $"{fields.Path}.card"))),
        "creditUnits" => new CreditUnits(fields.Text("unit"), fields.Number("worth")),
        "seat" => new Seat(fields.Number("price"), fields.Text("counter"), Group(fields, "meters"), fields.Whole("included")),
        "volumeTiers" => new VolumeTiers(fields.Text("counter"), Group(fields, "meters"), [.. fields.List("steps").Select((step, i) => Step(step, $"{fields.Path}.steps[{i}]"))]),
        "perOutcome" => new PerOutcome(fields.Number("resolved")),
        "bringYourOwnKey" => new BringYourOwnKey(fields.OptionalNumber("percent") ?? 0, fields.OptionalNumber("requestFee") ?? 0),
        "marginFloor" => new MarginFloor(fields.Number("percent")),
        var other => throw new RateCardException($"{fields.Path}.rule is '{other}', which is no rule: see docs/prices.md for those there are."),
    };

    private static MeterGroup Group(JsonFields fields, string name)
    {
        if (fields.OptionalText(name) is not { } text) return MeterGroup.Everything;
        return MeterGroup.TryParse(text, out var group)
            ? group
            : throw new RateCardException($"{fields.Path}.{name} is '{text}': give everything, prompt, completion, cached, or meters with commas between.");
    }

    private static ServiceTier? Tier(JsonFields fields)
    {
        if (fields.OptionalText("tier") is not { } text) return null;
        return ServiceTiers.TryParse(text, out var tier)
            ? tier
            : throw new RateCardException($"{fields.Path}.tier is '{text}': give standard, batch, flex, priority or fast.");
    }

    private static VolumeStep Step(JsonElement element, string path)
    {
        var fields = new JsonFields(element, path);
        var step = new VolumeStep(fields.Whole("from"), fields.Number("percentOff"));
        fields.End();
        return step;
    }

    private static void WriteRule(Utf8JsonWriter writer, PriceRule rule)
    {
        writer.WriteStartObject();
        writer.WriteString("rule", NameOf(rule));
        if (rule.Models != ModelPattern.All) writer.WriteString("models", rule.Models.Text);
        WriteFields(writer, rule);
        writer.WriteEndObject();
    }

    private static string NameOf(PriceRule rule)
    {
        var name = rule.GetType().Name;
        return string.Concat(name[..1].ToLowerInvariant(), name[1..]);
    }

    private static void WriteFields(Utf8JsonWriter writer, PriceRule rule)
    {
        switch (rule)
        {
            case Markup markup:
                RateCardJson.WriteNumber(writer, "percent", markup.Percent);
                writer.WriteString("on", markup.On.Name);
                break;
            case UnitMarkup markup:
                writer.WriteString("meter", markup.Meter.Name);
                RateCardJson.WriteNumber(writer, "price", markup.UnitPrice);
                break;
            case RequestFee fee:
                RateCardJson.WriteNumber(writer, "fee", fee.Fee);
                break;
            case Discount discount:
                RateCardJson.WriteNumber(writer, "percent", discount.Percent);
                writer.WriteString("on", discount.On.Name);
                if (discount.Tier is { } tier) writer.WriteString("tier", ServiceTiers.NameOf(tier));
                break;
            case OwnPriceList list:
                writer.WritePropertyName("card");
                RateCardJson.WriteCard(writer, list.Card);
                break;
            case CreditUnits credits:
                writer.WriteString("unit", credits.Unit);
                RateCardJson.WriteNumber(writer, "worth", credits.Worth);
                break;
            default:
                WriteMore(writer, rule);
                break;
        }
    }

    private static void WriteMore(Utf8JsonWriter writer, PriceRule rule)
    {
        switch (rule)
        {
            case Seat seat:
                RateCardJson.WriteNumber(writer, "price", seat.SeatPrice);
                writer.WriteString("counter", seat.Counter);
                writer.WriteString("meters", seat.Meters.Name);
                writer.WriteNumber("included", seat.Included);
                break;
            case VolumeTiers volume:
                writer.WriteString("counter", volume.Counter);
                writer.WriteString("meters", volume.Meters.Name);
                WriteSteps(writer, volume.Steps);
                break;
            case PerOutcome outcome:
                RateCardJson.WriteNumber(writer, "resolved", outcome.Resolved);
                break;
            case BringYourOwnKey own:
                RateCardJson.WriteNumber(writer, "percent", own.Percent);
                RateCardJson.WriteNumber(writer, "requestFee", own.RequestFee);
                break;
            case MarginFloor floor:
                RateCardJson.WriteNumber(writer, "percent", floor.Percent);
                break;
            default:
                throw new RateCardException($"A rule {rule.GetType().Name} has no form in a file.");
        }
    }

    private static void WriteSteps(Utf8JsonWriter writer, IReadOnlyList<VolumeStep> steps)
    {
        writer.WriteStartArray("steps");
        foreach (var step in steps)
        {
            writer.WriteStartObject();
            writer.WriteNumber("from", step.From);
            RateCardJson.WriteNumber(writer, "percentOff", step.PercentOff);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
