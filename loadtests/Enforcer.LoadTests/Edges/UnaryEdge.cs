using System.Buffers.Binary;
using System.Diagnostics;
using Enforcer.Grpc;
using Enforcer.LoadTests.Traffic;
using Enforcer.Protocol.V1;
using Google.Protobuf;

namespace Enforcer.LoadTests.Edges;

/// <summary>
/// An edge that makes one unary call at a time. A call that fails because the server is away or busy is made again under
/// the same operation id until it is answered.
/// </summary>
internal sealed class UnaryEdge(ChannelRing ring, EdgeRun run, AccountRef[] accounts, Pacer pacer)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly byte[] _id = new byte[16];
    private readonly GrpcCallOptions _options = ring.HasOthers ? new GrpcCallOptions { Timeout = Patience } : default;
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>How many calls were made again.</summary>
    public int Retries { get; private set; }

    public async Task RunAsync(Func<bool> isOver, CancellationToken cancellation)
    {
        while (!isOver() && !cancellation.IsCancellationRequested && run.Source.TryNext(out var cycle))
        {
            var since = await WaitAsync(cycle.StartAfter, cancellation).ConfigureAwait(false);
            var reserve = run.Reserve(cycle);
            var reserved = await CallAsync(reserve, since, cancellation).ConfigureAwait(false);
            if (reserved.IsGranted)
                await EndAsync(cycle, reserve, reserved, cancellation).ConfigureAwait(false);
            run.Source.Ended(cycle, reserved);
        }
    }

    /// <summary>
    /// Waits until a cycle is due. Latency counts from now, or, if the edge is behind, from when the cycle was due: a slow
    /// server cannot hide its delays by slowing the load down. Of a cluster that is broken on purpose each command counts for itself: how long
    /// nothing went is told by others, and would be in every figure for the rest of the run.
    /// </summary>
    private async ValueTask<long> WaitAsync(TimeSpan startAfter, CancellationToken cancellation)
    {
        if (startAfter == default)
            return Stopwatch.GetTimestamp();
        var due = _started + (startAfter.Ticks * (Stopwatch.Frequency / TimeSpan.TicksPerSecond));
        if (due <= Stopwatch.GetTimestamp())
            return ring.HasOthers ? Stopwatch.GetTimestamp() : due;
        await pacer.WaitUntilAsync(due).WaitAsync(cancellation).ConfigureAwait(false);
        return Stopwatch.GetTimestamp();
    }

    private async Task EndAsync(Cycle cycle, EdgeCommand reserve, EdgeAnswer reserved, CancellationToken cancellation)
    {
        if (cycle.HoldFor > TimeSpan.Zero)
            await Task.Delay(cycle.HoldFor, cancellation).ConfigureAwait(false);
        if (run.End(cycle, reserve, reserved.HeldNanos) is { } end)
            await CallAsync(end, Stopwatch.GetTimestamp(), cancellation).ConfigureAwait(false);
    }

    private async ValueTask<EdgeAnswer> CallAsync(EdgeCommand command, long since, CancellationToken cancellation)
    {
        var (delay, wasResent) = (new RetryDelay(), false);
        while (true)
        {
            var answer = await TryCallAsync(command).ConfigureAwait(false);
            if (answer is { IsRetry: false })
            {
                run.Note(command, answer.Value, Stopwatch.GetElapsedTime(since).Ticks * 100, wasResent);
                return answer.Value;
            }

            Retries++;
            wasResent = true;
            ring.MoveOn();
            await Task.Delay(delay.NextMs(), cancellation).ConfigureAwait(false);
        }
    }

    // With one server calls have no deadline and no cancellation: either end of a connection that breaks is told at once, and a
    // timer per call would be measured with it. With several an edge does not wait for one that is silent.
    private async ValueTask<EdgeAnswer?> TryCallAsync(EdgeCommand command)
    {
        try
        {
            return EdgeAnswer.From(command.Verb switch
            {
                EdgeVerb.Reserve => await ring.Current.UnaryAsync(EdgeChannel.Reserve, ToReserve(command), _options).ConfigureAwait(false),
                EdgeVerb.Commit => await ring.Current.UnaryAsync(EdgeChannel.Commit, ToCommit(command), _options).ConfigureAwait(false),
                _ => await ring.Current.UnaryAsync(EdgeChannel.Release, ToRelease(command), _options).ConfigureAwait(false),
            });
        }
        catch (GrpcStatusException failure) when (IsPassing(failure.Code))
        {
            return null;
        }
        catch (GrpcStatusException failure) when (ring.HasOthers)
        {
            run.Puzzle(failure);
            return null;
        }
    }

    private static bool IsPassing(GrpcStatus code) => code
        is GrpcStatus.Unavailable or GrpcStatus.Cancelled or GrpcStatus.Internal or GrpcStatus.DeadlineExceeded or GrpcStatus.ResourceExhausted;

    private ReserveRequest ToReserve(in EdgeCommand command) => new()
    {
        OperationId = Bytes(command.OperationId),
        Account = accounts[command.Account],
        AmountNanos = command.AmountNanos,
        AtLeastNanos = command.AtLeastNanos,
        TtlMs = command.TtlMs,
    };

    private CommitRequest ToCommit(in EdgeCommand command) => new()
    {
        OperationId = Bytes(command.OperationId),
        Account = accounts[command.Account],
        ReservationId = Bytes(command.ReservationId),
        AmountNanos = command.AmountNanos,
        Final = true,
    };

    private ReleaseRequest ToRelease(in EdgeCommand command) => new()
    {
        OperationId = Bytes(command.OperationId),
        Account = accounts[command.Account],
        ReservationId = Bytes(command.ReservationId),
    };

    private ByteString Bytes(UInt128 id)
    {
        BinaryPrimitives.WriteUInt128BigEndian(_id, id);
        return ByteString.CopyFrom(_id);
    }
}
