using System.Net;
using System.Net.Sockets;

namespace Enforcer.Client.Tests.Support;

/// <summary>An address where nobody listens, kept so that nobody else comes to.</summary>
public sealed class DeadAddress : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public DeadAddress() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public Uri Uri => new($"http://{_socket.LocalEndPoint}");

    public void Dispose() => _socket.Dispose();
}
