using System.Text.Json;

namespace Enforcer.Edge.Tests.Support;

/// <summary>Requests of each kind, and how to read what comes back.</summary>
internal static class Bodies
{
    public const string Chat = "/v1/chat/completions";
    public const string Responses = "/v1/responses";
    public const string Messages = "/v1/messages";
    public const string Embeddings = "/v1/embeddings";
    public const string OpenAiModel = "gpt-5.4-mini";
    public const string AnthropicModel = "claude-sonnet-4-6";

    public static string Of(string path, bool stream, long? most = 100, string? model = null, string text = "Say something.") => path switch
    {
        Chat => $$"""{"model":"{{model ?? OpenAiModel}}","messages":[{"role":"user","content":"{{text}}"}],"stream":{{Text(stream)}}{{Limit("max_completion_tokens", most)}}}""",
        Responses => $$"""{"model":"{{model ?? OpenAiModel}}","input":"{{text}}","stream":{{Text(stream)}}{{Limit("max_output_tokens", most)}}}""",
        Messages => $$"""{"model":"{{model ?? AnthropicModel}}","messages":[{"role":"user","content":"{{text}}"}],"stream":{{Text(stream)}}{{Limit("max_tokens", most)}}}""",
        _ => $$"""{"model":"{{model ?? OpenAiModel}}","input":"{{text}}"}""",
    };

    /// <summary>The data of a stream's events.</summary>
    public static IEnumerable<string> EventsOf(string stream) => stream.Split('\n')
        .Where(line => line.StartsWith("data: ", StringComparison.Ordinal))
        .Select(line => line["data: ".Length..]);

    /// <summary>The error of a provider's shape: its type, its code (OpenAI), and its words.</summary>
    public static (string Type, string? Code, string Message) ErrorOf(string body)
    {
        using var json = JsonDocument.Parse(body);
        var error = json.RootElement.GetProperty("error");
        return (error.GetProperty("type").GetString()!, error.TryGetProperty("code", out var code) ? code.GetString() : null, error.GetProperty("message").GetString()!);
    }

    private static string Text(bool truth) => truth ? "true" : "false";

    private static string Limit(string field, long? most) => most is null ? "" : $",\"{field}\":{most}";
}
