using System.Text.Json;

namespace Enforcer.Edge.Protocols.OpenAi;

/// <summary>
/// Reads chat completions. The usage is in the last chunk of a stream, which has no choices. Servers that tell it with every chunk tell what was used so far: that is final
/// only when the stream says that it is over.
/// </summary>
/// <param name="hidesUsage">The customer did not ask for that chunk.</param>
internal sealed class ChatTally(bool hidesUsage) : AnswerTally
{
    private static readonly string[] NotGenerated = ["role", "type", "id", "finish_reason", "token"];
    private bool _hasChoices;

    public override EventFate OnEvent(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            IsFinal = Usage is not null;
            return EventFate.Pass;
        }
        _hasChoices = false;
        var had = Usage;
        var reader = new Utf8JsonReader(data);
        Read(ref reader);
        var isUsage = !_hasChoices && !ReferenceEquals(had, Usage);
        IsFinal |= isUsage;
        return isUsage && hidesUsage ? EventFate.Hide : EventFate.Pass;
    }

    public override void OnWhole(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        Read(ref reader);
        IsFinal = Usage is not null;
    }

    public override string Ending() =>
        $"data: {{\"id\":{JsonSerializer.Serialize(Id)},\"object\":\"chat.completion.chunk\",\"model\":{JsonSerializer.Serialize(Model)},"
        + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}\n\ndata: [DONE]\n\n";

    private void Read(ref Utf8JsonReader reader)
    {
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("choices"u8))
                ReadChoices(ref reader);
            else if (reader.ValueTextEquals("usage"u8))
                ReadUsage(ref reader);
            else if (reader.ValueTextEquals("id"u8))
                Id = TextOf(ref reader, Id);
            else if (reader.ValueTextEquals("model"u8))
                Model = TextOf(ref reader, Model);
            else if (reader.ValueTextEquals("service_tier"u8))
                Tier = TierOf(TextOf(ref reader, "")) ?? Tier;
            else if (reader.ValueTextEquals("error"u8))
                HasFailed |= IsSomething(ref reader);
            else
                reader.Skip();
        }
    }

    private void ReadChoices(ref Utf8JsonReader reader)
    {
        reader.Read();
        _hasChoices = !IsEmpty(reader);
        GeneratedBytes += LengthOfTexts(ref reader, NotGenerated);
    }

    private void ReadUsage(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            return;
        using var usage = JsonDocument.ParseValue(ref reader);
        Usage = OpenAiUsage.Chat(usage.RootElement) ?? Usage;
    }
}
