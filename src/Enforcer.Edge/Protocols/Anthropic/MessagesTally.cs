using System.Text.Json;
using Enforcer.Pricing.Metering;

namespace Enforcer.Edge.Protocols.Anthropic;

/// <summary>Reads messages. Usage comes at the beginning of a stream and again, cumulative, with what ends it.</summary>
internal sealed class MessagesTally : AnswerTally
{
    private static readonly string[] NotGenerated = ["type", "signature", "stop_reason", "stop_sequence"];
    private string _type = "";
    private bool _hasStopped;
    private long _block;

    public override EventFate OnEvent(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        _type = "";
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
                _type = TextOf(ref reader, "");
            else if (reader.ValueTextEquals("delta"u8))
                GeneratedBytes += TextsOf(ref reader);
            else if (reader.ValueTextEquals("message"u8))
                ReadMessage(ref reader);
            else if (reader.ValueTextEquals("usage"u8))
                ReadUsage(ref reader);
            else if (reader.ValueTextEquals("index"u8))
                ReadIndex(ref reader);
            else
                reader.Skip();
        }
        HasFailed |= _type == "error";
        // The figures before that are of the prompt and of a beginning.
        _hasStopped |= _type == "message_delta";
        IsFinal |= _hasStopped && Usage is not null && _type == "message_stop";
        return EventFate.Pass;
    }

    public override void OnWhole(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        GeneratedBytes = body.Length;
        using var message = JsonDocument.ParseValue(ref reader);
        Usage = null;
        Take(message.RootElement);
        IsFinal = Usage is not null;
    }

    public override string Ending() =>
        $"event: content_block_stop\ndata: {{\"type\":\"content_block_stop\",\"index\":{_block}}}\n\n"
        + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"max_tokens\",\"stop_sequence\":null},"
        + $"\"usage\":{{\"output_tokens\":{Usage?.Output ?? 0}}}}}\n\n"
        + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

    private static long TextsOf(ref Utf8JsonReader reader)
    {
        reader.Read();
        return LengthOfTexts(ref reader, NotGenerated);
    }

    private void ReadIndex(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var index))
            _block = index;
        else
            reader.Skip();
    }

    private void ReadMessage(ref Utf8JsonReader reader)
    {
        reader.Read();
        using var message = JsonDocument.ParseValue(ref reader);
        Take(message.RootElement);
    }

    private void ReadUsage(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            return;
        using var usage = JsonDocument.ParseValue(ref reader);
        TakeUsage(usage.RootElement);
    }

    private void Take(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object)
            return;
        Id = TextIn(message, "id") ?? Id;
        Model = TextIn(message, "model") ?? Model;
        TakeUsage(UsageFigures.PartOf(message, "usage"));
    }

    /// <summary>Later figures take the place of earlier ones; what is not told again stays.</summary>
    private void TakeUsage(JsonElement usage)
    {
        if (usage.ValueKind != JsonValueKind.Object)
            return;
        var known = Usage ?? new UsageFigures();
        var (fiveMinutes, hour) = WritesIn(usage, known);
        Usage = known with
        {
            Input = UsageFigures.CountOf(usage, "input_tokens") ?? known.Input,
            InputCached = UsageFigures.CountOf(usage, "cache_read_input_tokens") ?? known.InputCached,
            CacheWrite5m = fiveMinutes,
            CacheWrite1h = hour,
            Output = UsageFigures.CountOf(usage, "output_tokens") ?? known.Output,
            WebSearches = UsageFigures.CountOf(UsageFigures.PartOf(usage, "server_tool_use"), "web_search_requests") ?? known.WebSearches,
        };
        Tier = TextIn(usage, "speed") == "fast" ? ServiceTier.Fast : TierOf(TextIn(usage, "service_tier")) ?? Tier;
        if (TextIn(usage, "inference_geo") is { } region && region is not ("global" or "not_available"))
            Region = region;
    }

    /// <summary>What was written to which cache; where that is not told apart, it is the one of five minutes.</summary>
    private static (long FiveMinutes, long Hour) WritesIn(JsonElement usage, UsageFigures known)
    {
        var apart = UsageFigures.PartOf(usage, "cache_creation");
        var fiveMinutes = UsageFigures.CountOf(apart, "ephemeral_5m_input_tokens");
        var hour = UsageFigures.CountOf(apart, "ephemeral_1h_input_tokens");
        if (fiveMinutes is not null || hour is not null)
            return (fiveMinutes ?? 0, hour ?? 0);
        return UsageFigures.CountOf(usage, "cache_creation_input_tokens") is { } together && together != known.CacheWrite5m + known.CacheWrite1h
            ? (together, 0)
            : (known.CacheWrite5m, known.CacheWrite1h);
    }

    private static string? TextIn(JsonElement from, string name) =>
        from.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
