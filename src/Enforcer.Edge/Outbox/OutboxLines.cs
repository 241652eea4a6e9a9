using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Enforcer.Edge.Outbox;

/// <summary>Records as lines: a checksum in hexadecimal, a space, JSON, and a line feed. Its buffers are used again and again.</summary>
internal sealed class OutboxLines : IDisposable
{
    private const int SumBytes = 8;
    private const int SumChars = 2 * SumBytes;
    private readonly ArrayBufferWriter<byte> _written = new();
    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly Utf8JsonWriter _writer;

    public OutboxLines() => _writer = new Utf8JsonWriter(_json);

    /// <summary>The lines.</summary>
    public ReadOnlySpan<byte> Written => _written.WrittenSpan;

    /// <summary>Adds a line.</summary>
    public void Add(OutboxRecord record)
    {
        _json.ResetWrittenCount();
        _writer.Reset();
        JsonSerializer.Serialize(_writer, record, OutboxJson.Default.OutboxRecord);
        WriteSum(_json.WrittenSpan, _written.GetSpan(SumChars));
        _written.Advance(SumChars);
        _written.Write(" "u8);
        _written.Write(_json.WrittenSpan);
        _written.Write("\n"u8);
    }

    /// <summary>Begins again.</summary>
    public void Clear() => _written.ResetWrittenCount();

    public void Dispose() => _writer.Dispose();

    /// <summary>The record of a line; null if it is damaged.</summary>
    public static OutboxRecord? Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length < SumChars + 1)
            return null;
        Span<byte> sum = stackalloc byte[SumChars];
        var json = line[(SumChars + 1)..];
        WriteSum(json, sum);
        return line[..SumChars].SequenceEqual(sum) ? JsonSerializer.Deserialize(json, OutboxJson.Default.OutboxRecord) : null;
    }

    private static void WriteSum(ReadOnlySpan<byte> json, Span<byte> into)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(json, hash);
        Convert.TryToHexStringLower(hash[..SumBytes], into, out _);
    }
}
