using Enforcer.Cluster;
using Enforcer.Simulation.Faults;
using Enforcer.Simulation.Kernel;

namespace Enforcer.Simulation.Nodes;

/// <summary>
/// A connection between two processes: what is sent arrives in order and whole, or the connection breaks, and each end hears of that in its own time; or it
/// falls silent, and nobody hears anything.
/// </summary>
#pragma warning disable CA1001 // Its ends are disposed of by those who are connected.
internal sealed class PeerPipe
#pragma warning restore CA1001
{
    private const long KeepAlive = 3 * World.Second;
    private const long PingsFor = 300 * World.Millisecond;
    private readonly bool _pings;
    private readonly End _near;
    private readonly End _far;

    /// <param name="world">Where it is.</param>
    /// <param name="random">Its chance.</param>
    /// <param name="weather">What goes wrong.</param>
    /// <param name="near">Who connected.</param>
    /// <param name="far">To whom.</param>
    /// <param name="pings">It finds out soon that nobody is there any more who would answer.</param>
    public PeerPipe(World world, SimRandom random, Weather weather, Machine near, Machine far, bool pings)
    {
        _pings = pings;
        _near = new End(this, world, random, weather, near);
        _far = new End(this, world, random, weather, far);
        (_near.Other, _far.Other) = (_far, _near);
    }

    public IPeerConnection Near => _near;

    public IPeerConnection Far => _far;

    /// <summary>True if one of its ends is a process's.</summary>
    public bool IsOf(Machine machine) => _near.Machine == machine || _far.Machine == machine;

    /// <summary>Both ends find out in their time that nobody answers any more: keep-alive pings see to that.</summary>
    public void BreakWhenMissed()
    {
        _near.BreakIn(KeepAlive);
        _far.BreakIn(KeepAlive);
    }

    public void Break()
    {
        _near.BreakSoon();
        _far.BreakSoon();
    }

    private bool IsSilent { get; set; }

    private sealed class End(PeerPipe pipe, World world, SimRandom random, Weather weather, Machine machine) : IPeerConnection
    {
        private readonly Queue<byte[]> _arrived = new();
        private TaskCompletionSource<ReadOnlyMemory<byte>?>? _receiver;
        private long _lastArrival;
        private bool _isBroken;

        public Machine Machine { get; } = machine;

        public End Other { get; set; } = null!;

        public ValueTask SendAsync(ReadOnlyMemory<byte> frame)
        {
            world.RequireThread();
            if (_isBroken) return ValueTask.FromException(Lost());
            if (pipe._pings) world.After(PingsFor, Machine, "ping", Ping);
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
}
