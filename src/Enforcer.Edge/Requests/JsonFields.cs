using System.Text.Json;

namespace Enforcer.Edge.Requests;

/// <summary>Reads fields whose form matters here; a field that is null counts as one that is missing, as the providers have it.</summary>
internal static class JsonFields
{
    private const long MostInteger = 1L << 53;

    public static JsonElement? Field(this JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? Text(this JsonElement from, string name) => from.Field(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => ReadText(text, name),
        { } other => throw new BadCallException($"{name} is {KindOf(other)}; give a string.", name),
    };

    public static bool Truth(this JsonElement from, string name) => from.Field(name) switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        { } other => throw new BadCallException($"{name} is {KindOf(other)}; give true or false.", name),
    };

    /// <summary>A whole number from 1; a larger one than can be counted is refused, not lowered.</summary>
    public static long? Count(this JsonElement from, string name)
    {
        if (from.Field(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Number)
            throw new BadCallException($"{name} is {KindOf(value)}; give a whole number.", name);
        if (!value.TryGetInt64(out var number) || number is < 1 or > MostInteger)
            throw new BadCallException($"{name} is {value.GetRawText()}; give a whole number from 1 to {MostInteger}.", name);
        return number;
    }

    /// <summary>What is listed in a field; nothing if it is missing.</summary>
    public static JsonElement.ArrayEnumerator List(this JsonElement from, string name) => from.Field(name) switch
    {
        null => default,
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        { } other => throw new BadCallException($"{name} is {KindOf(other)}; give a list.", name),
    };

    private static string ReadText(JsonElement text, string name)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new BadCallException($"{name} is no valid UTF-8.", name);
        }
    }

    public static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        _ => value.GetRawText(),
    };
}
