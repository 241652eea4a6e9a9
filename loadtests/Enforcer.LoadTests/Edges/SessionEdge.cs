using System.Buffers;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;

namespace Enforcer.LoadTests.Edges;

/// <summary>
/// An edge on one session, as lean as a gateway in any language could be: one loop that reads whatever has arrived and
/// answers it with one batch. If the server goes away, every command in flight is sent again under its own id until it is
/// answered; if there are several nodes, to the next one, and also if one is silent or of no help.
/// </summary>
internal sealed class SessionEdge(ChannelRing ring, EdgeRun run, byte[][] accountNames, int depth)
{
    private const int MaxBatchBytes = 1 << 20;

    /// <summary>After so many reads with UNAVAILABLE in them, one after the other, another node is asked.</summary>
    private const int MostHelpless = 20;

    /// <summary>A node must answer every command within this, if only with UNAVAILABLE.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CycleBoard _board = new(run, depth);
    private readonly CommandEncoder _encoder = new(accountNames);
    private byte[] _scratch = new byte[64 * 1024];
    private RetryDelay _delay;
    private int _helpless;

    /// <summary>How often the session broke and was opened again.</summary>
    public int Reconnects { get; private set; }

    /// <summary>How often a node that was there owed answers for longer than it may.</summary>
    public int Silences { get; private set; }

    public async Task RunAsync(Func<bool> isOver, CancellationToken cancellation)
    {
        while (!await TryRunAsync(isOver, cancellation).ConfigureAwait(false))
        {
            cancellation.ThrowIfCancellationRequested();
            Reconnects++;
            _helpless = 0;
            ring.MoveOn();
            await Task.Delay(_delay.NextMs(), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>One session from its start to its end; false if it broke before its work was done.</summary>
    private async Task<bool> TryRunAsync(Func<bool> isOver, CancellationToken cancellation)
    {
        using var call = ring.Current.Duplex(EdgeChannel.Session, new GrpcCallOptions { CancellationToken = cancellation });
        try
        {
            _encoder.Clear();
            _board.ResendAll(_encoder);
            while (true)
            {
                _board.StartDue(isOver, _encoder);
                if (_board.IsOver)
                    break;
                if (_board.IsIdle)
                {
                    await Task.Delay(1, cancellation).ConfigureAwait(false);
                    continue;
                }

                await SendAsync(call).ConfigureAwait(false);
                if (!await WaitToReadAsync(call.Reader).ConfigureAwait(false))
                    return false;
                _delay.Reset();
                if (!ReadArrived(call.Reader))
                    _helpless = 0;
                else if (++_helpless == MostHelpless && ring.HasOthers)
                    return false;
                else
                    await Task.Delay(5, cancellation).ConfigureAwait(false);
            }

            await call.CompleteAsync().ConfigureAwait(false);
            await call.Reader.WaitToReadAsync().ConfigureAwait(false);
            return true;
        }
        catch (GrpcStatusException failure) when (failure.Code is GrpcStatus.Unavailable or GrpcStatus.Cancelled or GrpcStatus.Internal)
        {
            return _board.IsOver;
        }
        catch (GrpcStatusException failure) when (ring.HasOthers)
        {
            run.Puzzle(failure);
            return _board.IsOver;
        }
    }

    /// <summary>False if the session has ended, or the node owes answers for so long that another one is asked.</summary>
    private async ValueTask<bool> WaitToReadAsync(GrpcStreamReader<OutcomeBatch> reader)
    {
        var arrival = reader.WaitToReadAsync();
        if (arrival.IsCompleted || !ring.HasOthers)
            return await arrival.ConfigureAwait(false);
        try
        {
            return await arrival.AsTask().WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Silences++;
            return false;
        }
    }

    private ValueTask SendAsync(GrpcDuplexCall<CommandBatch, OutcomeBatch> call)
    {
        if (_encoder.Length == 0)
            return default;
        if (_encoder.Length > MaxBatchBytes)
            throw new InvalidOperationException($"depth {depth} makes batches over {MaxBatchBytes} bytes; use more edges instead");
        call.Writer.WriteFrame(_encoder.Length, _encoder, static (payload, encoder) =>
        {
            encoder.Written.CopyTo(payload);
            return encoder.Length;
        });
        _encoder.Clear();
        return call.Writer.FlushAsync();
    }

    /// <summary>Takes every frame that has arrived; true if the server asked to be left alone for a moment.</summary>
    private bool ReadArrived(GrpcStreamReader<OutcomeBatch> reader)
    {
        var mustWait = false;
        while (reader.TryReadFrame(out var payload))
        {
            var outcomes = new OutcomeDecoder(Contiguous(payload));
            while (outcomes.TryNext(out var answer))
            {
                mustWait |= _board.Take(answer, _encoder);
            }
        }

        return mustWait;
    }

    private ReadOnlySpan<byte> Contiguous(in ReadOnlySequence<byte> payload)
    {
        if (payload.IsSingleSegment)
            return payload.FirstSpan;
        if (payload.Length > _scratch.Length)
            _scratch = new byte[payload.Length * 2];
        payload.CopyTo(_scratch);
        return _scratch.AsSpan(0, (int)payload.Length);
    }
}
