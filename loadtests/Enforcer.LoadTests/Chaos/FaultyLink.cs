using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Enforcer.LoadTests.Chaos;

/// <summary>
/// A way to a loopback port that can be broken and healed: whoever should be cut off from what listens there connects to <see cref="Port"/> instead.
/// Callers can be told apart, so that one is cut off and the others are not.
/// </summary>
internal sealed class FaultyLink : IAsyncDisposable
{
    private readonly int _target;
    private readonly Func<int, int, int> _callerOf;
    private readonly LinkFault[] _faults;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<LinkConnection, bool> _connections = [];
    private readonly CancellationTokenSource _over = new();
    private readonly Task _accepting;

    /// <param name="target">The loopback port at the other end.</param>
    /// <param name="callers">How many callers are told apart.</param>
    /// <param name="callerOf">Who has connected from a port to a port: below <paramref name="callers"/>; -1 for somebody to whom no fault applies. Null: all are 0.</param>
    public FaultyLink(int target, int callers = 1, Func<int, int, int>? callerOf = null)
    {
        _target = target;
        _callerOf = callerOf ?? ((_, _) => 0);
        _faults = [.. Enumerable.Repeat(LinkFault.None, callers)];
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Breaks or heals the link for one caller; connections that there are go on under the new fault.</summary>
    public void Set(LinkFault fault, int caller = 0)
    {
        Volatile.Write(ref _faults[caller], fault);
        foreach (var connection in _connections.Keys)
        {
            if (fault.Resets && connection.Caller == caller)
                connection.Reset();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        _listener.Stop();
        await _accepting.ConfigureAwait(false);
        foreach (var connection in _connections.Keys)
        {
            connection.Reset();
        }

        _over.Dispose();
    }

    private LinkFault FaultOf(int caller) => caller < 0 ? LinkFault.None : Volatile.Read(ref _faults[caller]);

    private async Task AcceptAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            try
            {
                var accepted = await _listener.AcceptSocketAsync(_over.Token).ConfigureAwait(false);
                _ = ServeAsync(accepted);
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                continue;
            }
        }
    }

    private async Task ServeAsync(Socket accepted)
    {
        await Task.Yield();
        var caller = _callerOf(((IPEndPoint)accepted.RemoteEndPoint!).Port, Port);
        using var connection = new LinkConnection(accepted, caller, () => FaultOf(caller));
        _connections.TryAdd(connection, true);
        if (FaultOf(caller).Resets || _over.IsCancellationRequested)
            connection.Reset();
        else
            await connection.RunAsync(_target, _over.Token).ConfigureAwait(false);
        _connections.TryRemove(connection, out _);
    }
}
