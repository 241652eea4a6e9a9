using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace Enforcer.LoadTests.Rivals;

/// <summary>
/// One connection in Redis's protocol, as lean as it can be made: commands are gathered in one buffer, sent in one
/// write, and answers are counted off the socket. Answers must be arrays of two integers.
/// </summary>
internal sealed class RespConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _send = new byte[64 * 1024];
    private readonly byte[] _receive = new byte[64 * 1024];
    private int _sendLength;
    private int _receiveStart;
    private int _receiveEnd;

    public static async Task<RespConnection> OpenAsync(int port)
    {
        var connection = new RespConnection();
        await connection._socket.ConnectAsync("127.0.0.1", port).ConfigureAwait(false);
        return connection;
    }

    public void BeginCommand(int parts)
    {
        WriteByte('*');
        WriteNumber(parts);
        WriteLineEnd();
    }

    public void Part(ReadOnlySpan<byte> value)
    {
        WriteByte('$');
        WriteNumber(value.Length);
        WriteLineEnd();
        value.CopyTo(_send.AsSpan(_sendLength));
        _sendLength += value.Length;
        WriteLineEnd();
    }

    public void Part(string value) => Part(Encoding.UTF8.GetBytes(value));

    public void Part(long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var length);
        Part(digits[..length]);
    }

    public async ValueTask FlushAsync()
    {
        var sent = 0;
        while (sent < _sendLength)
        {
            sent += await _socket.SendAsync(_send.AsMemory(sent, _sendLength - sent)).ConfigureAwait(false);
        }

        _sendLength = 0;
    }

    /// <summary>Reads an array of two integers and answers the first: the script's status.</summary>
    public async ValueTask<long> ReadStatusAsync()
    {
        await ReadIntegerAsync('*').ConfigureAwait(false);
        var status = await ReadIntegerAsync(':').ConfigureAwait(false);
        await ReadIntegerAsync(':').ConfigureAwait(false);
        return status;
    }

    /// <summary>Reads one line (a simple string or an error) or one bulk string as text.</summary>
    public async ValueTask<string> ReadTextAsync()
    {
        var line = await ReadLineAsync().ConfigureAwait(false);
        var head = Encoding.UTF8.GetString(line.Span);
        if (head[0] == '-')
            throw new InvalidOperationException($"Redis refused a command: {head[1..]}");
        return head[0] == '$' ? Encoding.UTF8.GetString((await ReadLineAsync().ConfigureAwait(false)).Span) : head[1..];
    }

    public void Dispose() => _socket.Dispose();

    private ValueTask<long> ReadIntegerAsync(char kind)
    {
        var line = TakeLine();
        return line.IsEmpty ? ReadIntegerSlowAsync(kind) : new(ParseInteger(line.Span, kind));
    }

    private async ValueTask<long> ReadIntegerSlowAsync(char kind) =>
        ParseInteger((await ReadLineAsync().ConfigureAwait(false)).Span, kind);

    private async ValueTask<ReadOnlyMemory<byte>> ReadLineAsync()
    {
        while (true)
        {
            var line = TakeLine();
            if (!line.IsEmpty)
                return line;
            MakeRoom();
            var read = await _socket.ReceiveAsync(_receive.AsMemory(_receiveEnd)).ConfigureAwait(false);
            if (read == 0)
                throw new IOException("Redis closed the connection");
            _receiveEnd += read;
        }
    }

    private ReadOnlyMemory<byte> TakeLine()
    {
        var end = _receive.AsSpan(_receiveStart, _receiveEnd - _receiveStart).IndexOf("\r\n"u8);
        if (end < 0)
            return default;
        var line = _receive.AsMemory(_receiveStart, end);
        _receiveStart += end + 2;
        return line;
    }

    private void MakeRoom()
    {
        if (_receiveStart == 0)
            return;
        _receive.AsSpan(_receiveStart, _receiveEnd - _receiveStart).CopyTo(_receive);
        _receiveEnd -= _receiveStart;
        _receiveStart = 0;
    }

    private static long ParseInteger(ReadOnlySpan<byte> line, char kind)
    {
        if (line[0] != kind || !Utf8Parser.TryParse(line[1..], out long value, out _))
            throw new InvalidOperationException($"Redis answered '{Encoding.UTF8.GetString(line)}', expected '{kind}' and a number");
        return value;
    }

    private void WriteByte(char value) => _send[_sendLength++] = (byte)value;

    private void WriteNumber(int value)
    {
        Utf8Formatter.TryFormat(value, _send.AsSpan(_sendLength), out var length);
        _sendLength += length;
    }

    private void WriteLineEnd()
    {
        WriteByte('\r');
        WriteByte('\n');
    }
}
