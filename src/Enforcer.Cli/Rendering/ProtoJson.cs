using System.Buffers;
using System.Collections;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Enforcer.Cli.Rendering;

/// <summary>
/// Messages of the wire as JSON for scripts: the names of the protos, whole numbers as numbers, ids as UUIDs, fields without
/// presence always there, so that a script can rely on them.
/// </summary>
internal static class ProtoJson
{
    private const int IdBytes = 16;

    // Model patterns and reasons are for terminals and jq, never for HTML: no need to write a plus as \u002B.
    private static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One message on one line.</summary>
    public static string Line(IMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
            Write(writer, message);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Messages as one array on one line.</summary>
    public static string Array(IEnumerable<IMessage> messages) => $"[{string.Join(',', messages.Select(Line))}]";

    private static void Write(Utf8JsonWriter writer, IMessage message)
    {
        writer.WriteStartObject();
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field.HasPresence && !field.Accessor.HasValue(message))
                continue;
            writer.WritePropertyName(field.Name);
            WriteValue(writer, field, field.Accessor.GetValue(message));
        }
        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, FieldDescriptor field, object value)
    {
        if (!field.IsRepeated)
        {
            WriteOne(writer, field, value);
            return;
        }
        writer.WriteStartArray();
        foreach (var item in (IList)value)
            WriteOne(writer, field, item!);
        writer.WriteEndArray();
    }

    private static void WriteOne(Utf8JsonWriter writer, FieldDescriptor field, object value)
    {
        switch (value)
        {
            case IMessage message:
                Write(writer, message);
                break;
            case ByteString bytes:
                writer.WriteStringValue(Text(bytes));
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case Enum number when field.EnumType is { } type:
                WriteEnum(writer, type, Convert.ToInt32(number, null));
                break;
            case ulong large:
                writer.WriteNumberValue(large);
                break;
            default:
                writer.WriteNumberValue(Convert.ToInt64(value, null));
                break;
        }
    }

    private static void WriteEnum(Utf8JsonWriter writer, EnumDescriptor type, int number)
    {
        // A newer server may know values that this build does not.
        if (type.FindValueByNumber(number) is { } known)
            writer.WriteStringValue(known.Name);
        else
            writer.WriteNumberValue(number);
    }

    private static string Text(ByteString bytes) => bytes.Length == IdBytes ? IdText.Of(bytes) : bytes.ToBase64();
}
