using System.Globalization;
using System.Text;
using Enforcer.Ledger;
using Enforcer.Server.Operators;
using Enforcer.Server.Wire;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http;

namespace Enforcer.Server.Rest;

/// <summary>Makes a method's request from what HTTP brings: the body, then the query, then the path, the later ones winning.</summary>
internal static class RestRequest
{
    private const int MaxBodyBytes = 64 * 1024;

    public static async Task<IMessage> ReadAsync(OperatorMethod method, HttpContext context)
    {
        var message = method.NewRequest();
        if (method.Verb != "GET" && await BodyAsync(context, BoundOf(method)).ConfigureAwait(false) is { Length: > 0 } body) message = RestJson.Parse(message, body);
        foreach (var (name, values) in context.Request.Query)
        {
            foreach (var value in values) Set(message, name, value ?? "");
        }
        foreach (var (name, value) in context.Request.RouteValues) Set(message, name, (string)value!);
        return message;
    }

    /// <summary>Bytes are written in JSON with four characters for three of them.</summary>
    private static int BoundOf(OperatorMethod method) => method.MaxRequestBytes is { } bytes ? MaxBodyBytes + (bytes / 3 * 4) : MaxBodyBytes;

    private static async Task<string> BodyAsync(HttpContext context, int most)
    {
        var buffer = new byte[most + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, context.RequestAborted)
            .ConfigureAwait(false);
        if (length > most) throw Faults.TooLarge($"body is over {most} bytes; send less.");
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static void Set(IMessage message, string name, string text)
    {
        var field = message.Descriptor.FindFieldByName(name)
            ?? throw Faults.Invalid($"{name} is no parameter of this method; leave it out, or see /openapi/v1.json.");
        var value = Value(field, text);
        if (field.IsRepeated) ((System.Collections.IList)field.Accessor.GetValue(message)).Add(value);
        else field.Accessor.SetValue(message, value);
    }

    private static object Value(FieldDescriptor field, string text) => field.FieldType switch
    {
        FieldType.String => text,
        FieldType.Bool when bool.TryParse(text, out var value) => value,
        FieldType.Int32 when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) => value,
        FieldType.Int64 when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) => value,
        FieldType.Bytes when OperationId.TryParse(text, out var id) => ByteString.CopyFrom(RestJson.Bytes(id)),
        FieldType.Enum when field.EnumType.FindValueByName(text.ToUpperInvariant()) is { } value => Enum.ToObject(field.EnumType.ClrType, value.Number),
        _ => throw Faults.Invalid($"{field.Name} '{text}' is not of the type {Expected(field)}; see /openapi/v1.json."),
    };

    private static string Expected(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Bytes => "UUID",
        FieldType.Enum => "one of " + string.Join(", ", field.EnumType.Values.Select(value => value.Name)),
        _ => field.FieldType.ToString().ToLowerInvariant(),
    };
}
