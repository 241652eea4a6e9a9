using System.Buffers;
using System.Diagnostics;
using Enforcer.Grpc;
using Enforcer.LoadTests.Traffic;
using Enforcer.Protocol.V1;

namespace Enforcer.LoadTests.Edges;

/// <summary>
/// An edge on one session: <paramref name="depth"/> cycles in flight, one loop that reads whatever has arrived and answers
/// it with one batch. If the server goes away, every command in flight is sent again under its own id until it is answered.
/// </summary>
internal sealed class SessionEdge(GrpcChannel channel, EdgeRun run, byte[][] accountNames, int depth)
{
    private const int MaxBatchBytes = 1 << 20;

    private readonly SessionSlot[] _slots = [.. Enumerable.Range(0, depth).Select(number => new SessionSlot(number))];
    private readonly CommandEncoder _encoder = new(accountNames);
    private byte[] _scratch = new byte[64 * 1024];
    private readonly long _started = Stopwatch.GetTimestamp();
    private Cycle? _waiting;
    private int _busy;
    private bool _exhausted;

    /// <summary>How often the session broke and was opened again.</summary>
    public int Reconnects { get; private set; }

    public async Task RunAsync(Func<bool> isOver, CancellationToken cancellation)
    {
        while (!await TryRunAsync(isOver, cancellation).ConfigureAwait(false))
        {
            cancellation.ThrowIfCancellationRequested();
            Reconnects++;
            await Task.Delay(20, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>One session from its start to its end; false if it broke before its work was done.</summary>
    private async Task<bool> TryRunAsync(Func<bool> isOver, CancellationToken cancellation)
    {
        using var call = channel.Duplex(EdgeChannel.Session, new GrpcCallOptions { CancellationToken = cancellation });
        try
        {
            ResendAll();
            while (true)
            {
                StartIdle(isOver);
                if (_busy == 0 && _exhausted)
                    break;
                if (_busy == 0)
                {
                    await Task.Delay(1, cancellation).ConfigureAwait(false);
                    continue;
                }

                await SendAsync(call).ConfigureAwait(false);
                if (!await call.Reader.WaitToReadAsync().ConfigureAwait(false))
                    return false;
                if (ReadArrived(call.Reader))
                    await Task.Delay(5, cancellation).ConfigureAwait(false);
            }

            await call.CompleteAsync().ConfigureAwait(false);
            await call.Reader.WaitToReadAsync().ConfigureAwait(false);
            return true;
        }
        catch (GrpcStatusException failure) when (failure.Code is GrpcStatus.Unavailable or GrpcStatus.Cancelled or GrpcStatus.Internal)
        {
            return false;
        }
    }

    private void ResendAll()
    {
        _encoder.Clear();
        foreach (var slot in _slots)
        {
            if (slot.IsBusy)
                _encoder.Add(slot.Number, slot.Command);
        }
    }

    private void StartIdle(Func<bool> isOver)
    {
        if (_exhausted || _busy == _slots.Length)
            return;
        _exhausted = isOver();
        foreach (var slot in _slots)
        {
            if (!slot.IsBusy && !TryStart(slot))
                return;
        }
    }

    /// <summary>Starts the next cycle in a slot; false if there is none, or none is due yet.</summary>
    private bool TryStart(SessionSlot slot)
    {
        if (_exhausted)
            return false;
        if (_waiting is null && run.Source.TryNext(out var next))
            _waiting = next;
        if (_waiting is not { } cycle)
        {
            _exhausted = true;
            return false;
        }

        if (cycle.StartAfter > Stopwatch.GetElapsedTime(_started))
            return false;
        _waiting = null;
        slot.Cycle = cycle;
        slot.IsBusy = true;
        _busy++;
        Send(slot, run.Reserve(cycle));
        return true;
    }

    private void Send(SessionSlot slot, in EdgeCommand command)
    {
        slot.Command = command;
        slot.SentAt = Stopwatch.GetTimestamp();
        _encoder.Add(slot.Number, command);
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
                mustWait |= Take(answer);
            }
        }

        return mustWait;
    }

    private bool Take(in EdgeAnswer answer)
    {
        var slot = _slots[answer.Number];
        if (answer.IsRetry)
        {
            _encoder.Add(slot.Number, slot.Command);
            return true;
        }

        run.Note(slot.Command, answer, slot.NanosSinceSent);
        if (slot.Command.Verb == EdgeVerb.Reserve)
        {
            slot.Reserve = slot.Command;
            slot.Reserved = answer;
            if (answer.IsGranted && run.End(slot.Cycle, slot.Reserve, answer.HeldNanos) is { } end)
            {
                Send(slot, end);
                return false;
            }
        }

        slot.IsBusy = false;
        _busy--;
        run.Source.Ended(slot.Cycle, slot.Reserved);
        return false;
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
