using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Enforcer.Grpc.Tests.Support;

/// <summary>A peer that speaks HTTP/2 frame by frame, as badly as a test wants.</summary>
public sealed class RawHttp2 : IDisposable
{
    public const byte Data = 0, Headers = 1, Reset = 3, Settings = 4, Ping = 6, GoAway = 7, WindowUpdate = 8, Continuation = 9;
    public const byte EndStream = 1, Ack = 1, EndHeaders = 4;
    private readonly TcpClient _tcp = new();
    private NetworkStream _stream = null!;

    public static async Task<RawHttp2> ConnectAsync(Uri server)
    {
        var peer = new RawHttp2();
        await peer._tcp.ConnectAsync(server.Host, server.Port);
        peer._tcp.NoDelay = true;
        peer._stream = peer._tcp.GetStream();
        await peer.SendAsync([.. Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), .. Frame(Settings, 0, 0, [])]);
        return peer;
    }

    public async Task SendAsync(byte type, byte flags, int stream, byte[] payload) => await _stream.WriteAsync(Frame(type, flags, stream, payload));

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    /// <summary>Starts a call and sends its whole body, or only a part of it.</summary>
    public async Task CallAsync(int stream, string path, byte[] body, bool end = true)
    {
        await SendAsync(Headers, EndHeaders, stream, CallHeaders(path));
        await SendAsync(Data, end ? EndStream : (byte)0, stream, body);
    }

    public static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        frame[0] = (byte)(payload.Length >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), (ushort)(payload.Length & 0xFFFF));
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }

    /// <summary>The headers of a call, spelled out without compression.</summary>
    public static byte[] CallHeaders(string path, params (string Name, string Value)[] more)
    {
        var block = new List<byte>();
        Add(block, ":method", "POST");
        Add(block, ":scheme", "http");
        Add(block, ":path", path);
        Add(block, ":authority", "localhost");
        Add(block, "content-type", "application/grpc");
        Add(block, "te", "trailers");
        foreach (var (name, value) in more)
            Add(block, name, value);
        return [.. block];
    }

    /// <summary>Reads the next frame, or null when the peer has hung up.</summary>
    public async Task<(byte Type, byte Flags, int Stream, byte[] Payload)?> ReadAsync()
    {
        var header = new byte[9];
        try
        {
            await _stream.ReadExactlyAsync(header).AsTask().WaitAsync(Patience.Limit);
            var payload = new byte[(header[0] << 16) | (header[1] << 8) | header[2]];
            await _stream.ReadExactlyAsync(payload);
            return (header[3], header[4], BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)), payload);
        }
        catch (Exception hungUp) when (hungUp is IOException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Reads until the peer hangs up, and says whether it did so with a GOAWAY of this error.</summary>
    public async Task<int?> ReadToGoAwayAsync()
    {
        int? error = null;
        while (await ReadAsync() is { } frame)
        {
            if (frame.Type == GoAway)
                error = BinaryPrimitives.ReadInt32BigEndian(frame.Payload.AsSpan(4));
        }
        return error;
    }

    public void Dispose() => _tcp.Dispose();

    private static void Add(List<byte> block, string name, string value)
    {
        block.Add(0);
        AddText(block, name);
        AddText(block, value);
    }

    private static void AddText(List<byte> block, string text)
    {
        var length = text.Length;
        if (length < 127)
        {
            block.Add((byte)length);
        }
        else
        {
            block.Add(127);
            for (length -= 127; length >= 128; length /= 128)
                block.Add((byte)(length % 128 + 128));
            block.Add((byte)length);
        }
        block.AddRange(Encoding.ASCII.GetBytes(text));
    }
}
