using System.Text.Json;
using Enforcer.Pricing.Metering;

namespace Enforcer.Edge.Protocols;

/// <summary>
/// Reads an answer as it passes: the provider's usage where it tells it, and otherwise how many bytes were generated, which are at least as many
/// as tokens. One a call, for one reader.
/// </summary>
internal abstract class AnswerTally
{
    /// <summary>The provider's usage; null if it was not told. Told as zero is zero.</summary>
    public UsageFigures? Usage { get; protected set; }

    /// <summary>Whether the usage is told, and final.</summary>
    public bool IsFinal { get; protected set; }

    /// <summary>The provider said in the stream that it failed.</summary>
    public bool HasFailed { get; protected set; }

    /// <summary>Bytes of generated text seen so far.</summary>
    public long GeneratedBytes { get; protected set; }

    /// <summary>The id in the answer.</summary>
    public string Id { get; protected set; } = "";

    /// <summary>The model that answered.</summary>
    public string Model { get; protected set; } = "";

    /// <summary>The service tier that was billed; null if it was not told.</summary>
    public ServiceTier? Tier { get; protected set; }

    /// <summary>The region that was billed.</summary>
    public string Region { get; protected set; } = "";

    /// <summary>Reads one event of a stream.</summary>
    /// <param name="data">Its data.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public abstract EventFate OnEvent(ReadOnlySpan<byte> data);

    /// <summary>Reads an answer in one piece.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public abstract void OnWhole(ReadOnlySpan<byte> body);

    /// <summary>What could not be read may hold at most so many tokens.</summary>
    public void CountUnread(long most) => GeneratedBytes = Math.Max(GeneratedBytes, most);

    /// <summary>The events with which the provider itself ends a stream at its limit.</summary>
    public abstract string Ending();

    /// <summary>The provider's name of a tier.</summary>
    protected static ServiceTier? TierOf(string? name) => name switch
    {
        "default" or "standard" or "scale" => ServiceTier.Standard,
        "flex" => ServiceTier.Flex,
        "priority" => ServiceTier.Priority,
        "batch" => ServiceTier.Batch,
        _ => null,
    };

    /// <summary>Adds up the lengths of all strings of a value, where the reader stands on it; names in <paramref name="skipped"/> do not count.</summary>
    protected static long LengthOfTexts(ref Utf8JsonReader reader, string[] skipped)
    {
        if (reader.TokenType == JsonTokenType.String)
            return reader.ValueSpan.Length;
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return 0;
        var (sum, depth, counts) = (0L, reader.CurrentDepth, true);
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
                counts = !IsOneOf(ref reader, skipped);
            else if (reader.TokenType == JsonTokenType.String && counts)
                sum += reader.ValueSpan.Length;
        }
        return sum;
    }

    /// <summary>The string after a property's name; something else leaves what was known.</summary>
    protected static string TextOf(ref Utf8JsonReader reader, string known)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
            return reader.GetString()!;
        reader.Skip();
        return known;
    }

    /// <summary>Whether the value after a property's name is anything but null.</summary>
    protected static bool IsSomething(ref Utf8JsonReader reader)
    {
        reader.Read();
        var something = reader.TokenType != JsonTokenType.Null;
        reader.Skip();
        return something;
    }

    /// <summary>Whether the list that the reader stands at has nothing in it. Takes a copy of the reader.</summary>
    protected static bool IsEmpty(Utf8JsonReader reader) =>
        reader.TokenType != JsonTokenType.StartArray || (reader.Read() && reader.TokenType == JsonTokenType.EndArray);

    private static bool IsOneOf(ref Utf8JsonReader reader, string[] names)
    {
        foreach (var name in names)
        {
            if (reader.ValueTextEquals(name))
                return true;
        }
        return false;
    }
}
