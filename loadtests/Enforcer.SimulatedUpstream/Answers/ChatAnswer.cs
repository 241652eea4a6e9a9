namespace Enforcer.SimulatedUpstream.Answers;

/// <summary>OpenAI's chat completions.</summary>
internal sealed class ChatAnswer(Call call) : Answer(call)
{
    public override string Id { get; } = "chatcmpl-" + call.Number;

    private string Reason => Call.IsLimited ? "length" : "stop";

    private string Tier => Call.Plan.ServiceTier is { } tier ? $",\"service_tier\":\"{tier}\"" : "";

    private string Usage => $$"""
        {"prompt_tokens":{{Call.PromptTokens}},"completion_tokens":{{Call.TotalTokens}},"total_tokens":{{Call.PromptTokens + Call.TotalTokens}},"prompt_tokens_details":{"cached_tokens":{{Call.CachedTokens}},"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":{{Call.ReasoningTokens}},"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0} }
        """;

    protected override string Whole(string text) => $$"""
        {"id":"{{Id}}","object":"chat.completion","created":{{Call.Created}},"model":"{{Call.Request.Model}}","choices":[{"index":0,"message":{"role":"assistant","content":"{{text}}","refusal":null},"logprobs":null,"finish_reason":"{{Reason}}"}]{{(Call.Plan.HidesUsage ? "" : ",\"usage\":" + Usage)}}{{Tier}}}
        """;

    protected override string Opening() => Chunk("""{"role":"assistant","content":""}""", "null");

    protected override string Piece(string text) => Chunk($$"""{"content":"{{text}}"}""", "null");

    protected override string Closing()
    {
        var usage = Call.Request.TellsUsage && !Call.Plan.HidesUsage
            ? $$"""data: {"id":"{{Id}}","object":"chat.completion.chunk","created":{{Call.Created}},"model":"{{Call.Request.Model}}","choices":[],"usage":{{Usage}}{{Tier}}}""" + "\n\n"
            : "";
        return Chunk("{}", $"\"{Reason}\"") + usage + "data: [DONE]\n\n";
    }

    private string Chunk(string delta, string reason) => $$"""
        data: {"id":"{{Id}}","object":"chat.completion.chunk","created":{{Call.Created}},"model":"{{Call.Request.Model}}","choices":[{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":{{reason}}}]{{(Call.Request.TellsUsage ? ",\"usage\":null" : "")}}}
        """ + "\n\n";
}
