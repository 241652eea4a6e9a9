using System.Net;
using System.Net.Sockets;

namespace Enforcer.Client.Tests.Support;

/// <summary>Takes connections and says nothing on them, not even HTTP/2's first word.</summary>
public sealed class MuteServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public MuteServer() => _listener.Start();

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    public Task<Socket> NextConnectionAsync() => _listener.AcceptSocketAsync().Within();

    public void Dispose() => _listener.Dispose();
}
