using System.Net;
using System.Net.Sockets;

namespace Enforcer.Server.Tests.Support;

/// <summary>
/// A load balancer that knows nothing of what it carries: each connection goes to the next of several servers, or to the one after it if that does not listen.
/// </summary>
internal sealed class TcpBalancer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _sockets = [];
    private readonly Lock _gate = new();
    private readonly Uri[] _servers;
    private readonly Task _accepting;
    private int _next;

    public TcpBalancer(IEnumerable<Uri> servers)
    {
        _servers = [.. servers];
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Authority => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        lock (_gate)
        {
            foreach (var socket in _sockets) socket.Dispose();
        }
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync();
                var server = await ConnectAsync();
                lock (_gate) _sockets.AddRange([client, server]);
                _ = PumpAsync(client, server);
                _ = PumpAsync(server, client);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        for (var attempt = 0; ; attempt++)
        {
            var server = _servers[_next++ % _servers.Length];
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(IPEndPoint.Parse(server.Authority));
                return socket;
            }
            catch (SocketException) when (attempt < _servers.Length)
            {
                socket.Dispose();
            }
        }
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is var read and > 0)
            {
                for (var sent = 0; sent < read;) sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // One of the two has gone.
        }
        from.Dispose();
        to.Dispose();
    }
}
