namespace Enforcer.SimulatedUpstream.Answers;

/// <summary>OpenAI's responses.</summary>
internal sealed class ResponsesAnswer(Call call) : Answer(call)
{
    private int _sequence;

    public override string Id { get; } = "resp_" + call.Number;

    private string ItemId => "msg_" + Call.Number;

    private string Usage => Call.Plan.HidesUsage ? "null" : $$"""
        {"input_tokens":{{Call.PromptTokens}},"input_tokens_details":{"cached_tokens":{{Call.CachedTokens}}},"output_tokens":{{Call.TotalTokens}},"output_tokens_details":{"reasoning_tokens":{{Call.ReasoningTokens}}},"total_tokens":{{Call.PromptTokens + Call.TotalTokens}}}
        """;

    protected override string Whole(string text) => Response(Call.IsLimited ? "incomplete" : "completed", Item(text, "completed"), Usage);

    protected override string Opening() =>
        Event("response.created", $"\"response\":{Response("in_progress", "", "null")}")
        + Event("response.output_item.added", $"\"output_index\":0,\"item\":{{\"id\":\"{ItemId}\",\"type\":\"message\",\"status\":\"in_progress\",\"role\":\"assistant\",\"content\":[]}}")
        + Event("response.content_part.added", $"\"item_id\":\"{ItemId}\",\"output_index\":0,\"content_index\":0,\"part\":{Part("")}");

    protected override string Piece(string text) =>
        Event("response.output_text.delta", $"\"item_id\":\"{ItemId}\",\"output_index\":0,\"content_index\":0,\"delta\":\"{text}\",\"logprobs\":[]");

    protected override string Closing()
    {
        var text = Call.Text;
        var end = Call.IsLimited ? "incomplete" : "completed";
        return Event("response.output_text.done", $"\"item_id\":\"{ItemId}\",\"output_index\":0,\"content_index\":0,\"text\":\"{text}\",\"logprobs\":[]")
            + Event("response.content_part.done", $"\"item_id\":\"{ItemId}\",\"output_index\":0,\"content_index\":0,\"part\":{Part(text)}")
            + Event("response.output_item.done", $"\"output_index\":0,\"item\":{Item(text, "completed")}")
            + Event("response." + end, $"\"response\":{Response(end, Item(text, "completed"), Usage)}");
    }

    private static string Part(string text) => $$"""{"type":"output_text","text":"{{text}}","annotations":[],"logprobs":[]}""";

    private string Item(string text, string status) =>
        $$"""{"id":"{{ItemId}}","type":"message","status":"{{status}}","role":"assistant","content":[{{Part(text)}}]}""";

    private string Response(string status, string output, string usage)
    {
        var details = status == "incomplete" ? """{"reason":"max_output_tokens"}""" : "null";
        var tier = Call.Plan.ServiceTier is { } named ? $",\"service_tier\":\"{named}\"" : "";
        return $$"""
            {"id":"{{Id}}","object":"response","created_at":{{Call.Created}},"status":"{{status}}","error":null,"incomplete_details":{{details}},"model":"{{Call.Request.Model}}","output":[{{output}}],"parallel_tool_calls":true,"tool_choice":"auto","tools":[],"metadata":{},"usage":{{usage}}{{tier}}}
            """;
    }

    private string Event(string type, string fields) => $$"""
        event: {{type}}
        data: {"type":"{{type}}","sequence_number":{{_sequence++}},{{fields}}}
        """ + "\n\n";
}
