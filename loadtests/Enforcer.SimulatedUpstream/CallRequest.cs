using System.Text.Json;

namespace Enforcer.SimulatedUpstream;

/// <summary>What the simulation looks at in a request, whichever protocol it speaks.</summary>
/// <param name="Path">The path that is called.</param>
/// <param name="Model">The model.</param>
/// <param name="Bytes">The bytes of the body; the prompt is taken to be a token for every four.</param>
/// <param name="IsStream">Whether the answer is to be streamed.</param>
/// <param name="MostTokens">The limit on what may be generated; null where there is none.</param>
/// <param name="TellsUsage">Chat completions: whether a stream is to end with usage.</param>
/// <param name="WantsBase64">Embeddings: the encoding asked for.</param>
public sealed record CallRequest(
    string Path, string Model, int Bytes, bool IsStream, long? MostTokens, bool TellsUsage, bool WantsBase64)
{
    private static readonly string[] Limits = ["max_completion_tokens", "max_tokens", "max_output_tokens"];

    /// <summary>The prompt's tokens.</summary>
    public int PromptTokens => Math.Max(1, Bytes / 4);

    internal static CallRequest Read(string path, ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        return new CallRequest(
            path, Text(root, "model") ?? "", body.Length, Truth(root, "stream"), Limit(root),
            root.TryGetProperty("stream_options", out var options) && Truth(options, "include_usage"),
            Text(root, "encoding_format") == "base64");
    }

    private static string? Text(JsonElement from, string name) => from.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static bool Truth(JsonElement from, string name) => from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static long? Limit(JsonElement root)
    {
        foreach (var name in Limits)
        {
            if (root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number)
                return value.GetInt64();
        }
        return null;
    }
}
