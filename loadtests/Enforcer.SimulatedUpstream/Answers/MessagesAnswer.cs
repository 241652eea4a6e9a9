namespace Enforcer.SimulatedUpstream.Answers;

/// <summary>Anthropic's messages.</summary>
internal sealed class MessagesAnswer(Call call) : Answer(call)
{
    public override string Id { get; } = "msg_" + call.Number;

    private string Reason => Call.IsLimited ? "max_tokens" : "end_turn";

    private string Searches => Call.Plan.WebSearches == 0 ? "" : $$""","server_tool_use":{"web_search_requests":{{Call.Plan.WebSearches}},"web_fetch_requests":0}""";

    protected override string Whole(string text) => Message(
        $$"""{"type":"text","text":"{{text}}","citations":null}""", $"\"{Reason}\"", Call.Plan.HidesUsage ? "null" : Usage(Call.TotalTokens));

    protected override string Opening() =>
        Event("message_start", $"\"message\":{Message("", "null", Usage(1))}")
        + Event("content_block_start", """ "index":0,"content_block":{"type":"text","text":"","citations":null} """)
        + Event("ping", "\"n\":0");

    protected override string Piece(string text) =>
        Event("content_block_delta", $$""" "index":0,"delta":{"type":"text_delta","text":"{{text}}"} """);

    protected override string Closing()
    {
        var usage = Call.Plan.HidesUsage ? "null" : $$"""{"output_tokens":{{Call.TotalTokens}}{{Searches}}}""";
        return Event("content_block_stop", "\"index\":0")
            + Event("message_delta", $$""" "delta":{"stop_reason":"{{Reason}}","stop_sequence":null},"usage":{{usage}} """)
            + Event("message_stop", "\"n\":0");
    }

    private string Usage(long output)
    {
        var tier = Call.Plan.ServiceTier ?? "standard";
        return $$"""
            {"input_tokens":{{Call.PlainTokens}},"cache_creation_input_tokens":{{2 * Call.CacheWriteTokens}},"cache_read_input_tokens":{{Call.CachedTokens}},"cache_creation":{"ephemeral_5m_input_tokens":{{Call.CacheWriteTokens}},"ephemeral_1h_input_tokens":{{Call.CacheWriteTokens}}},"output_tokens":{{output}},"service_tier":"{{tier}}"{{Searches}}}
            """;
    }

    private string Message(string content, string reason, string usage) => $$"""
        {"id":"{{Id}}","type":"message","role":"assistant","model":"{{Call.Request.Model}}","content":[{{content}}],"stop_reason":{{reason}},"stop_sequence":null,"usage":{{usage}}}
        """;

    private static string Event(string type, string fields) => $$"""
        event: {{type}}
        data: {"type":"{{type}}",{{fields.Trim()}}}
        """ + "\n\n";
}
