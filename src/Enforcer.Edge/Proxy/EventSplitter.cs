using System.Buffers;

namespace Enforcer.Edge.Proxy;

/// <summary>
/// Cuts a stream into its events as the bytes come in, in whatever pieces. An event ends with an empty line; lines end with LF or CR LF.
/// Events beyond the bound make it give up, so that a stream without ends takes no memory without end.
/// </summary>
internal sealed class EventSplitter(int mostBytes) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4 * 1024);
    private int _start;
    private int _end;
    private int _scanned;

    /// <summary>An event was longer than the bound; nothing is read any more.</summary>
    public bool HasGivenUp { get; private set; }

    /// <summary>Bytes of an event that is not complete.</summary>
    public ReadOnlyMemory<byte> Rest => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Adds what came in.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_end - _start + bytes.Length > mostBytes)
            HasGivenUp = true;
        MakeRoom(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Takes the next complete event.</summary>
    /// <param name="bytes">The event as it came in, with the empty line; valid until more is appended.</param>
    public bool TryNext(out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        var line = _scanned;
        while (_buffer.AsSpan(line, _end - line).IndexOf((byte)'\n') is >= 0 and var length)
        {
            var isEmpty = length == 0 || (length == 1 && _buffer[line] == '\r');
            line += length + 1;
            _scanned = line;
            if (!isEmpty)
                continue;
            bytes = _buffer.AsMemory(_start, line - _start);
            _start = line;
            return true;
        }
        return false;
    }

    /// <summary>The data of an event: its data lines without their name, with LF between them; empty if it has none.</summary>
    public static ReadOnlySpan<byte> DataOf(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> data = default;
        foreach (var range in bytes.Split((byte)'\n'))
        {
            var line = bytes[range].TrimEnd((byte)'\r');
            if (!line.StartsWith("data:"u8))
                continue;
            var value = line["data:".Length..];
            if (value.StartsWith(" "u8))
                value = value[1..];
            data = data.IsEmpty ? value : Joined(data, value);
        }
        return data;
    }

    /// <summary>Several data lines in one event are rare.</summary>
    private static byte[] Joined(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => [.. first, (byte)'\n', .. second];

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void MakeRoom(int more)
    {
        if (_buffer.Length - _end >= more)
            return;
        var held = _end - _start;
        var to = held + more > _buffer.Length / 2 ? ArrayPool<byte>.Shared.Rent((held + more) * 2) : _buffer;
        _buffer.AsSpan(_start, held).CopyTo(to);
        if (!ReferenceEquals(to, _buffer))
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = to;
        _scanned -= _start;
        (_start, _end) = (0, held);
    }
}
