using System.Runtime.InteropServices;
using System.Text.Json;

namespace Enforcer.Edge.Requests;

/// <summary>
/// A request's JSON beside the bytes that it was read from, so that single values can be replaced and all others stay as the customer wrote
/// them. A name that stands twice in an object is refused: what the edge reads must be what the upstream reads.
/// </summary>
internal sealed class JsonBody : IDisposable
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private readonly JsonDocument _document;
    private byte[] _bytes;

    private JsonBody(JsonDocument document, byte[] bytes)
    {
        _document = document;
        _bytes = bytes;
    }

    public JsonElement Root => _document.RootElement;

    public int Length => _bytes.Length;

    public BodyEdits Edits { get; } = new();

    /// <exception cref="BadCallException">It is no JSON, or no object.</exception>
    public static JsonBody Parse(byte[] bytes)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, Strict);
        }
        catch (JsonException broken)
        {
            throw new BadCallException($"The request is no valid JSON: {broken.Message}");
        }
        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return new JsonBody(document, bytes);
        document.Dispose();
        throw new BadCallException("The request is JSON but no object; send an object with a field model.");
    }

    /// <summary>Puts something in the place of a value.</summary>
    public void Replace(JsonElement value, string with)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        Edits.Add(OffsetOf(raw), raw.Length, with);
    }

    /// <summary>Adds a field to an object, before its others.</summary>
    public void Insert(JsonElement into, string name, string value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(into);
        var comma = into.EnumerateObject().Any() ? "," : "";
        Edits.Add(OffsetOf(raw) + 1, 0, $"\"{name}\":{value}{comma}");
    }

    /// <summary>The body with all edits in it.</summary>
    public byte[] ToBytes() => Edits.Apply(_bytes);

    /// <summary>Lets go of the request, which may be large, before the answer begins, which may be long.</summary>
    public void Dispose()
    {
        _document.Dispose();
        _bytes = [];
    }

    private int OffsetOf(ReadOnlySpan<byte> raw) => _bytes.AsSpan().Overlaps(raw, out var offset)
        ? offset
        : throw new InvalidOperationException("The value is not part of this body.");
}
