using System.Collections;

namespace Enforcer.Grpc;

/// <summary>
/// Headers or trailers of a call, in order. Keys are lower case; a key that ends in <c>-bin</c> carries bytes (base64 on the
/// wire), any other printable ASCII text. Keys that start with <c>grpc-</c> belong to the protocol and are refused.
/// </summary>
public sealed class GrpcMetadata : IEnumerable<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _entries = [];

    /// <summary>The number of entries.</summary>
    public int Count => _entries.Count;

    /// <summary>Adds a text entry; a repeated key keeps all its values.</summary>
    /// <exception cref="ArgumentException">The key or the value breaks the rules of gRPC metadata.</exception>
    public void Add(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        CheckKey(key);
        if (IsBinary(key))
            throw new ArgumentException($"metadata key '{key}' ends in -bin and carries bytes; add bytes instead of text.", nameof(key));
        foreach (var c in value)
        {
            if (c is < ' ' or > '~')
                throw new ArgumentException($"metadata '{key}' holds U+{(int)c:X4}; text is printable ASCII, use a key in -bin for other bytes.", nameof(value));
        }
        _entries.Add(new(key, value));
    }

    /// <summary>Adds a binary entry.</summary>
    /// <exception cref="ArgumentException">The key breaks the rules of gRPC metadata or does not end in <c>-bin</c>.</exception>
    public void Add(string key, ReadOnlySpan<byte> value)
    {
        CheckKey(key);
        if (!IsBinary(key))
            throw new ArgumentException($"metadata key '{key}' carries text; a key for bytes ends in -bin.", nameof(key));
        _entries.Add(new(key, BinaryHeader.Encode(value)));
    }

    /// <summary>The first text value of <paramref name="key"/>, or null.</summary>
    public string? Get(string key)
    {
        foreach (var entry in _entries)
        {
            if (string.Equals(entry.Key, key, StringComparison.OrdinalIgnoreCase))
                return entry.Value;
        }
        return null;
    }

    /// <summary>The first binary value of <paramref name="key"/>, or null if there is none or it is not base64.</summary>
    public byte[]? GetBytes(string key) => Get(key) is { } text && BinaryHeader.TryDecode(text, out var bytes) ? bytes : null;

    /// <summary>All text values of <paramref name="key"/>, in order.</summary>
    public IEnumerable<string> GetAll(string key) =>
        _entries.Where(e => string.Equals(e.Key, key, StringComparison.OrdinalIgnoreCase)).Select(e => e.Value);

    /// <summary>The entries as they travel: values of binary keys in base64.</summary>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds what came from the wire, unchecked and with the protocol's own keys.</summary>
    internal void AddReceived(string key, string value) => _entries.Add(new(key, value));

    private static bool IsBinary(string key) => key.EndsWith("-bin", StringComparison.Ordinal);

    private static void CheckKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        foreach (var c in key)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_' or '.'))
                throw new ArgumentException($"metadata key '{key}' holds '{c}'; keys are made of a-z, 0-9, '-', '_' and '.'.", nameof(key));
        }
        if (key.StartsWith("grpc-", StringComparison.Ordinal))
            throw new ArgumentException($"metadata key '{key}' belongs to the protocol; choose one that does not start with grpc-.", nameof(key));
    }
}
