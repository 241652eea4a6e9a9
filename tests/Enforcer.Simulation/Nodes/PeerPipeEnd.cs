using Enforcer.Cluster;
using Enforcer.Simulation.Faults;
using Enforcer.Simulation.Kernel;

namespace Enforcer.Simulation.Nodes;

/// <summary>One end of a connection between two processes.</summary>
internal sealed class PeerPipeEnd(PeerPipe pipe, World world, SimRandom random, Weather weather, Machine machine) : IPeerConnection
{
    private const long PingsFor = 300 * World.Millisecond;
    private readonly Queue<byte[]> _arrived = new();
    private TaskCompletionSource<ReadOnlyMemory<byte>?>? _receiver;
    private long _lastArrival;
    private bool _isBroken;

    public Machine Machine { get; } = machine;

    public PeerPipeEnd Other { get; set; } = null!;

    public ValueTask SendAsync(ReadOnlyMemory<byte> frame)
    {
        world.RequireThread();
        if (_isBroken) return ValueTask.FromException(Lost());
        if (pipe.FindsOutSoon) world.After(PingsFor, Machine, "ping", Ping);
        if (pipe.IsSilent || MayFail()) return ValueTask.CompletedTask;
        var bytes = frame.ToArray();
        // What was sent later arrives later.
        _lastArrival = Math.Max(_lastArrival, world.Now + random.Between(30 * World.Microsecond, 500 * World.Microsecond));
        world.After(_lastArrival - world.Now, null, "frame", () => Arrive(bytes));
        return ValueTask.CompletedTask;
    }

    public ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync()
    {
        world.RequireThread();
        if (_arrived.TryDequeue(out var frame)) return ValueTask.FromResult<ReadOnlyMemory<byte>?>(frame);
        if (_isBroken) return ValueTask.FromException<ReadOnlyMemory<byte>?>(Lost());
        _receiver = new TaskCompletionSource<ReadOnlyMemory<byte>?>();
        return new ValueTask<ReadOnlyMemory<byte>?>(_receiver.Task);
    }

    public ValueTask DisposeAsync()
    {
        BreakSoon();
        Other.BreakSoon();
        return ValueTask.CompletedTask;
    }

    public void BreakSoon() => BreakIn(World.Millisecond);

    public void BreakIn(long longest) => world.After(random.Between(0, longest), Machine, "broken", () =>
    {
        _isBroken = true;
        if (_arrived.Count > 0) return;
        var receiver = _receiver;
        _receiver = null;
        receiver?.TrySetException(Lost());
    });

    private void Ping()
    {
        if (pipe.IsSilent || Other.Machine.IsFrozen || !Other.Machine.IsAlive) BreakSoon();
    }

    /// <summary>True if this frame is the last: the connection breaks, or from now on swallows everything.</summary>
    private bool MayFail()
    {
        if (!random.Happens(weather.ConnectionLossPerMille)) return false;
        pipe.IsSilent = random.Happens(500);
        weather.Tally.Count(pipe.IsSilent ? FaultKind.ConnectionSilent : FaultKind.ConnectionBroken);
        if (pipe.IsSilent) pipe.BreakWhenMissed();
        else pipe.Break();
        return true;
    }

    private void Arrive(byte[] frame)
    {
        // TCP tries again for a while; then the connection is given up.
        if (pipe.IsSilent) return;
        if (weather.IsCut(Machine.Name, Other.Machine.Name))
        {
            BreakSoon();
            Other.BreakSoon();
            return;
        }
        Other._arrived.Enqueue(frame);
        world.After(0, Other.Machine, "frame", Other.Pump);
    }

    private void Pump()
    {
        if (_receiver is not { } receiver || !_arrived.TryDequeue(out var frame)) return;
        _receiver = null;
        receiver.TrySetResult(frame);
    }

    private static PeerLostException Lost() => new("The connection broke.");
}
