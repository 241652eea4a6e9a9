using System.Net;
using System.Net.Sockets;

namespace Enforcer.Storage.Postgres.Tests.Support;

/// <summary>A wire between store and server that can swallow the server's answers, and be cut.</summary>
internal sealed class CutProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lock _gate = new();
    private readonly List<Socket> _sockets = [];
    private readonly string _server;
    private readonly Task _accepting;
    private volatile bool _swallowsAnswers;
    private volatile byte[]? _lastWords;

    public CutProxy(string serverSocket)
    {
        _server = serverSocket;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public static CutProxy To(PostgresServer server) => new(server.Socket);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>From now on answers of the server get lost.</summary>
    public void SwallowAnswers() => _swallowsAnswers = true;

    /// <summary>From when these words come by on their way to the server, its answers get lost.</summary>
    public void SwallowAnswersTo(string words) => _lastWords = System.Text.Encoding.ASCII.GetBytes(words);

    /// <summary>Cuts all connections; new ones work.</summary>
    public void Cut()
    {
        _swallowsAnswers = false;
        _lastWords = null;
        lock (_gate)
        {
            foreach (var socket in _sockets) socket.Dispose();
            _sockets.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        Cut();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync();
                var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await server.ConnectAsync(new UnixDomainSocketEndPoint(_server));
                lock (_gate) _sockets.AddRange([client, server]);
                _ = PumpAsync(client, server, isAnswer: false);
                _ = PumpAsync(server, client, isAnswer: true);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isAnswer)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is var read and > 0)
            {
                if (!isAnswer && _lastWords is { } words && buffer.AsSpan(0, read).IndexOf(words) >= 0) _swallowsAnswers = true;
                if (isAnswer && _swallowsAnswers) continue;
                for (var sent = 0; sent < read;) sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
        from.Dispose();
        to.Dispose();
    }
}
