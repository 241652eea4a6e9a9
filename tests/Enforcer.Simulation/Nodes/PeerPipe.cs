using Enforcer.Cluster;
using Enforcer.Simulation.Kernel;

namespace Enforcer.Simulation.Nodes;

/// <summary>A connection between two processes: what is sent arrives in order and whole, or the connection breaks, and each end hears of that in its own time.</summary>
#pragma warning disable CA1001 // Its ends are disposed of by those who are connected.
internal sealed class PeerPipe
#pragma warning restore CA1001
{
    private readonly End _near;
    private readonly End _far;

    public PeerPipe(World world, SimRandom random, Func<string, string, bool> isCut, Machine near, Machine far)
    {
        _near = new End(world, random, isCut, near);
        _far = new End(world, random, isCut, far);
        (_near.Other, _far.Other) = (_far, _near);
    }

    public IPeerConnection Near => _near;

    public IPeerConnection Far => _far;

    /// <summary>True if one of its ends is a process's.</summary>
    public bool IsOf(Machine machine) => _near.Machine == machine || _far.Machine == machine;

    public void Break()
    {
        _near.BreakSoon();
        _far.BreakSoon();
    }

    private sealed class End(World world, SimRandom random, Func<string, string, bool> isCut, Machine machine) : IPeerConnection
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

        public void BreakSoon() => world.After(random.Between(0, World.Millisecond), Machine, "broken", () =>
        {
            _isBroken = true;
            if (_arrived.Count > 0) return;
            var receiver = _receiver;
            _receiver = null;
            receiver?.TrySetException(Lost());
        });

        private void Arrive(byte[] frame)
        {
            // TCP tries again for a while; then the connection is given up.
            if (isCut(Machine.Name, Other.Machine.Name))
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
