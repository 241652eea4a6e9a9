using System.Text.Json;
using System.Text.Json.Nodes;
using Enforcer.Ledger;
using Enforcer.Server.Wire;
using Google.Protobuf;

namespace Enforcer.Server.Rest;

/// <summary>
/// Messages as JSON: protobuf's own mapping with the names of the proto, whole numbers of 64 bits as strings so that no reader rounds
/// them, and operation and reservation ids as UUIDs.
/// </summary>
internal static class RestJson
{
    private static readonly JsonFormatter Formatter = new(
        JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithFormatDefaultValues(true));

    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithRecursionLimit(16));

    /// <summary>Fills a message from a JSON object.</summary>
    /// <exception cref="Enforcer.Grpc.GrpcStatusException">INVALID_ARGUMENT says what is wrong with it.</exception>
    public static IMessage Parse(IMessage message, string json)
    {
        try
        {
            var node = JsonNode.Parse(json);
            RewriteIds(node, ToBytes);
            return Parser.Parse(node?.ToJsonString() ?? "{}", message.Descriptor);
        }
        catch (Exception problem) when (problem is JsonException or InvalidProtocolBufferException or InvalidJsonException or FormatException)
        {
            throw Faults.Invalid($"body is not the JSON of {message.Descriptor.Name}: {problem.Message}; see /openapi/v1.json.");
        }
    }

    /// <summary>Writes a message as one line of JSON.</summary>
    public static string Format(IMessage message)
    {
        var node = JsonNode.Parse(Formatter.Format(message));
        RewriteIds(node, ToUuid);
        return node!.ToJsonString();
    }

    /// <summary>True for the fields that hold an operation's or a reservation's id.</summary>
    public static bool IsId(string field) => field is "operation_id" or "reservation_id";

    /// <summary>An id as its 16 bytes.</summary>
    public static byte[] Bytes(OperationId id)
    {
        var bytes = new byte[OperationId.Size];
        id.Write(bytes);
        return bytes;
    }

    private static void RewriteIds(JsonNode? node, Func<string, string, string> rewrite)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array) RewriteIds(item, rewrite);
        }
        if (node is not JsonObject fields) return;
        foreach (var (name, value) in fields.ToArray())
        {
            if (IsId(name) && value is JsonValue text && text.TryGetValue<string>(out var id)) fields[name] = rewrite(name, id);
            else RewriteIds(value, rewrite);
        }
    }

    private static string ToBytes(string field, string id)
    {
        if (id.Length == 0) return "";
        return OperationId.TryParse(id, out var parsed)
            ? Convert.ToBase64String(Bytes(parsed))
            : throw Faults.Invalid($"{field} is not a UUID; give one as in 0198c1d2-3e4f-7a5b-8c6d-7e8f9a0b1c2d.");
    }

    private static string ToUuid(string field, string base64) => base64.Length == 0 ? "" : OperationId.Read(Convert.FromBase64String(base64)).ToString();
}
