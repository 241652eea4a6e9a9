using System.Text.Json;

namespace Enforcer.Edge.Protocols.OpenAi;

/// <summary>Reads responses. The usage is in the event that ends the stream, with the whole response in it.</summary>
internal sealed class ResponsesTally : AnswerTally
{
    private static readonly string[] NotGenerated = ["type", "id"];
    private long _searches;
    private long _sequence;

    public override EventFate OnEvent(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
            return EventFate.Pass;
        var reader = new Utf8JsonReader(data);
        var type = "";
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
                type = TextOf(ref reader, "");
            else if (reader.ValueTextEquals("delta"u8))
                GeneratedBytes += AfterName(ref reader);
            else if (reader.ValueTextEquals("response"u8))
                ReadResponse(ref reader);
            else if (reader.ValueTextEquals("sequence_number"u8))
                _sequence = NumberOf(ref reader);
            else
                reader.Skip();
        }
        HasFailed |= type is "error" or "response.failed";
        IsFinal |= Usage is not null && type is ("response.completed" or "response.incomplete" or "response.failed");
        return EventFate.Pass;
    }

    public override void OnWhole(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        GeneratedBytes = body.Length;
        using var response = JsonDocument.ParseValue(ref reader);
        ReadResponse(response.RootElement);
        IsFinal = Usage is not null;
    }

    public override string Ending() =>
        "event: response.incomplete\ndata: {\"type\":\"response.incomplete\",\"sequence_number\":" + (_sequence + 1)
        + ",\"response\":{\"id\":" + JsonSerializer.Serialize(Id) + ",\"object\":\"response\",\"status\":\"incomplete\",\"error\":null,"
        + "\"incomplete_details\":{\"reason\":\"max_output_tokens\"},\"model\":" + JsonSerializer.Serialize(Model) + ",\"output\":[],\"usage\":null}}\n\n";

    private static long AfterName(ref Utf8JsonReader reader)
    {
        reader.Read();
        return LengthOfTexts(ref reader, NotGenerated);
    }

    private static long NumberOf(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number))
            return number;
        reader.Skip();
        return 0;
    }

    private void ReadResponse(ref Utf8JsonReader reader)
    {
        reader.Read();
        using var response = JsonDocument.ParseValue(ref reader);
        ReadResponse(response.RootElement);
    }

    private void ReadResponse(JsonElement response)
    {
        Id = TextIn(response, "id") ?? Id;
        Model = TextIn(response, "model") ?? Model;
        Tier = TierOf(TextIn(response, "service_tier")) ?? Tier;
        if (response.TryGetProperty("output", out var output) && output.ValueKind == JsonValueKind.Array)
            _searches = output.EnumerateArray().Count(item => TextIn(item, "type") == "web_search_call");
        Usage = OpenAiUsage.Response(UsageFigures.PartOf(response, "usage"), _searches) ?? Usage;
    }

    private static string? TextIn(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
