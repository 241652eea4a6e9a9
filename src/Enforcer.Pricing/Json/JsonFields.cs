using System.Globalization;
using System.Text.Json;
using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Json;

/// <summary>
/// One object of a file, read field by field. Every field must be asked for: one that nobody understands is an error, so that a typing
/// error never becomes a price of nothing.
/// </summary>
internal sealed class JsonFields
{
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);

    public JsonFields(JsonElement element, string path)
    {
        Path = path;
        if (element.ValueKind != JsonValueKind.Object) throw new RateCardException($"{path} is no object: write {{ … }}.");
        foreach (var field in element.EnumerateObject())
        {
            if (!_fields.TryAdd(field.Name, field.Value)) throw new RateCardException($"{path}.{field.Name} stands twice: leave one.");
        }
    }

    public string Path { get; }

    public string Text(string name) => OptionalText(name) ?? throw Missing(name);

    public string? OptionalText(string name) => Take(name) is not { } value
        ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, value, "a text");

    public decimal Number(string name) => OptionalNumber(name) ?? throw Missing(name);

    public decimal? OptionalNumber(string name)
    {
        if (Take(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && ExactDecimal.TryParse(value.GetRawText(), out var number)
            ? number
            : throw Wrong(name, value, "a number of at most 28 digits");
    }

    public long? OptionalWhole(string name)
    {
        if (Take(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var whole) ? whole : throw Wrong(name, value, "a whole number");
    }

    public long Whole(string name) => OptionalWhole(name) ?? throw Missing(name);

    public UsageMeter Meter(string name) => ParseMeter(Text(name), $"{Path}.{name}");

    public static UsageMeter ParseMeter(string name, string path) => UsageMeter.TryParse(name, out var meter)
        ? meter
        : throw new RateCardException($"{path} is '{name}', which is no meter: use one of the catalogue, or custom. and a name.");

    public IReadOnlyList<JsonElement> List(string name) => Take(name) is not { } value
        ? []
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : throw Wrong(name, value, "a list");

    public JsonElement Element(string name) => Take(name) ?? throw Missing(name);

    /// <summary>An object of numbers: factors by name.</summary>
    public IEnumerable<(string Name, Ratio Value)> Ratios(string name)
    {
        if (Take(name) is not { } value) yield break;
        var inner = new JsonFields(value, $"{Path}.{name}");
        foreach (var key in inner._fields.Keys.ToArray()) yield return (key, inner.Ratio(key));
    }

    public void End()
    {
        if (_fields.Count > 0)
            throw new RateCardException($"{Path}.{_fields.Keys.Order(StringComparer.Ordinal).First()} is no field of this: take it out, or look for a typing error.");
    }

    private Ratio Ratio(string name)
    {
        var number = Number(name);
        return number > 0 ? Amounts.Ratio.Of(number) : throw new RateCardException($"{Path}.{name} is {ExactDecimal.Text(number)}: give a factor above 0.");
    }

    private JsonElement? Take(string name) => _fields.Remove(name, out var value) ? value : null;

    private RateCardException Missing(string name) => new($"{Path}.{name} is missing.");

    private RateCardException Wrong(string name, JsonElement value, string wanted) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{Path}.{name} is {value.GetRawText()}: give {wanted}."));
}
