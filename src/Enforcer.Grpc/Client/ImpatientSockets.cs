using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Enforcer.Grpc;

/// <summary>Connections that break when the other machine acknowledges nothing for a while (Linux: TCP_USER_TIMEOUT).</summary>
internal sealed class ImpatientSockets(TimeSpan unacknowledged)
{
    private const int TcpLevel = 6;
    private const int UserTimeout = 18;
    private readonly int _milliseconds = (int)Math.Min(unacknowledged.TotalMilliseconds, int.MaxValue);

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetRawSocketOption(TcpLevel, UserTimeout, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in _milliseconds)));
            await socket.ConnectAsync(context.DnsEndPoint, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
