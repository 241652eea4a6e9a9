using System.Globalization;

namespace Enforcer.SimulatedUpstream.Answers;

/// <summary>Answers that are one piece of JSON and generate nothing.</summary>
internal static class PlainAnswers
{
    private const string Models = """
        {"object":"list","data":[{"id":"gpt-5.4-mini","object":"model","created":1770000000,"owned_by":"simulated"},{"id":"claude-sonnet-4-6","object":"model","created":1770000000,"owned_by":"simulated"}]}
        """;

    private static readonly float[] Vector = [0.25f, -0.5f, 0.125f];

    public static string ListOfModels => Models.Trim();

    public static string Count(CallRequest request) => $$"""{"input_tokens":{{request.PromptTokens}}}""";

    public static string Embedding(CallRequest request)
    {
        var bytes = new byte[Vector.Length * sizeof(float)];
        Buffer.BlockCopy(Vector, 0, bytes, 0, bytes.Length);
        var vector = request.WantsBase64
            ? $"\"{Convert.ToBase64String(bytes)}\""
            : "[" + string.Join(',', Vector.Select(number => number.ToString(CultureInfo.InvariantCulture))) + "]";
        return $$"""
            {"object":"list","data":[{"object":"embedding","index":0,"embedding":{{vector}}}],"model":"{{request.Model}}","usage":{"prompt_tokens":{{request.PromptTokens}},"total_tokens":{{request.PromptTokens}}} }
            """;
    }

    public static string Failure(string path, string message) => path.StartsWith("/v1/messages", StringComparison.Ordinal)
        ? $$"""{"type":"error","error":{"type":"api_error","message":"{{message}}"} }"""
        : $$"""{"error":{"message":"{{message}}","type":"server_error","param":null,"code":null} }""";
}
