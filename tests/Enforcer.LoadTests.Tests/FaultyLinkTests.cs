using System.Net;
using System.Net.Sockets;
using Enforcer.LoadTests.Chaos;
using Enforcer.LoadTests.Processes;

namespace Enforcer.LoadTests.Tests;

public sealed class FaultyLinkTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);

    public FaultyLinkTests() => _server.Start();

    private int ServerPort => ((IPEndPoint)_server.LocalEndpoint).Port;

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Bytes_go_both_ways_and_so_does_the_end()
    {
        await using var link = new FaultyLink(ServerPort);
        using var client = await ConnectAsync(link);
        using var server = await AcceptAsync();

        await SendAsync(client, 1);
        Assert.Equal(1, await ReceiveAsync(server));
        await SendAsync(server, 2);
        Assert.Equal(2, await ReceiveAsync(client));
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(-1, await ReceiveAsync(server));
    }

    [Fact]
    public async Task What_one_direction_holds_back_arrives_when_it_heals_and_the_other_goes_on()
    {
        await using var link = new FaultyLink(ServerPort);
        using var client = await ConnectAsync(link);
        using var server = await AcceptAsync();
        link.Set(LinkFault.None with { HoldsRequests = true });

        await SendAsync(client, 1);
        await SendAsync(server, 2);
        Assert.Equal(2, await ReceiveAsync(client));
        // The answer came later and has passed the request: that one was held.
        Assert.Equal(0, server.Available);
        link.Set(LinkFault.None);
        Assert.Equal(1, await ReceiveAsync(server));
    }

    [Fact]
    public async Task A_reset_breaks_connections_and_new_ones()
    {
        await using var link = new FaultyLink(ServerPort);
        using var client = await ConnectAsync(link);
        using var server = await AcceptAsync();
        link.Set(LinkFault.Reset);

        await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(server));
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            using var next = await ConnectAsync(link);
            await ReceiveAsync(next);
        });
    }

    [Fact]
    public async Task A_fault_is_for_its_caller_alone()
    {
        var callers = 0;
        await using var link = new FaultyLink(ServerPort, callers: 2, (_, _) => Interlocked.Increment(ref callers) - 1);
        link.Set(LinkFault.Cut, caller: 0);
        using var cut = await ConnectAsync(link);
        // Who is first is settled before the second one comes.
        await WaitAsync(() => Volatile.Read(ref callers) == 1);
        using var free = await ConnectAsync(link);
        using var server = await AcceptAsync();

        await SendAsync(free, 3);
        Assert.Equal(3, await ReceiveAsync(server));
        Assert.False(_server.Pending());
    }

    [Fact]
    public async Task The_process_that_has_connected_is_found()
    {
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(_server.LocalEndpoint);
        using var server = await AcceptAsync();
        var from = ((IPEndPoint)client.LocalEndPoint!).Port;

        Assert.Equal(1, SocketOwner.Find(from, ServerPort, [1, Environment.ProcessId]));
        Assert.Equal(-1, SocketOwner.Find(from, ServerPort, []));
    }

    private static async Task<Socket> ConnectAsync(FaultyLink link)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, link.Port).WaitAsync(Patience);
        return socket;
    }

    private async Task<Socket> AcceptAsync() => await _server.AcceptSocketAsync().WaitAsync(Patience);

    private static async Task SendAsync(Socket socket, byte value) => await socket.SendAsync(new[] { value }).WaitAsync(Patience);

    /// <summary>The next byte; -1 at the end.</summary>
    private static async Task<int> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[1];
        return await socket.ReceiveAsync(buffer).WaitAsync(Patience) == 1 ? buffer[0] : -1;
    }

    private static async Task WaitAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!holds())
            await Task.Delay(5, patience.Token);
    }
}
