using System.Net;
using System.Net.Sockets;

namespace Enforcer.LoadTests.Chaos;

/// <summary>One connection over a <see cref="FaultyLink"/>: carries bytes both ways, as long as and as fast as the link's state lets it.</summary>
internal sealed class LinkConnection(Socket caller, int number, Func<LinkFault> fault) : IDisposable
{
    private const int PieceBytes = 64 * 1024;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    private readonly Socket _called = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Who has connected.</summary>
    public int Caller => number;

    /// <summary>Connects to the other end and carries bytes until both sides have ended, or one breaks.</summary>
    public async Task RunAsync(int target, CancellationToken over)
    {
        try
        {
            caller.NoDelay = _called.NoDelay = true;
            await WaitAsync(isRequest: true, over).ConfigureAwait(false);
            await _called.ConnectAsync(IPAddress.Loopback, target, over).ConfigureAwait(false);
            await Task.WhenAll(CarryAsync(caller, _called, isRequest: true, over), CarryAsync(_called, caller, isRequest: false, over)).ConfigureAwait(false);
        }
        catch (Exception end) when (end is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            Reset();
        }
    }

    /// <summary>Breaks it for both sides.</summary>
    public void Reset()
    {
        Break(caller);
        Break(_called);
    }

    public void Dispose()
    {
        caller.Dispose();
        _called.Dispose();
    }

    private async Task CarryAsync(Socket from, Socket to, bool isRequest, CancellationToken over)
    {
        var piece = new byte[PieceBytes];
        try
        {
            while (true)
            {
                var bytes = await from.ReceiveAsync(piece, over).ConfigureAwait(false);
                await WaitAsync(isRequest, over).ConfigureAwait(false);
                if (bytes == 0)
                    break;
                for (var sent = 0; sent < bytes;)
                {
                    sent += await to.SendAsync(piece.AsMemory(sent, bytes - sent), over).ConfigureAwait(false);
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception end) when (end is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Not even the news that it broke gets through a link that is cut.
            await WaitAsync(isRequest, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Reset();
        }
    }

    private async Task WaitAsync(bool isRequest, CancellationToken over)
    {
        if (fault() is { Delay.Ticks: > 0 } slow)
            await Task.Delay(slow.Delay, over).ConfigureAwait(false);
        while (fault() is var now && (isRequest ? now.HoldsRequests : now.HoldsAnswers))
        {
            await Task.Delay(Poll, over).ConfigureAwait(false);
        }
    }

    private static void Break(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Nothing is left to break.
        }

        socket.Dispose();
    }
}
