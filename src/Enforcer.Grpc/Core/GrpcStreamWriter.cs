using System.Buffers;
using Google.Protobuf;

namespace Enforcer.Grpc;

/// <summary>
/// Writes the messages of a stream. Any number of threads may write at once: messages are collected in a buffer and go out
/// together, so that one system call carries as many as have gathered.
/// </summary>
/// <remarks>
/// At most one batch is on its way at a time and the next one gathers behind it. <see cref="WriteAsync"/> completes at once
/// until <see cref="HighWaterBytes"/> wait for the peer; then it waits, which bounds memory behind a slow peer.
/// </remarks>
public sealed class GrpcStreamWriter<T> : IThreadPoolWorkItem
    where T : class, IMessage<T>
{
    /// <summary>Writers wait once this many bytes have gathered behind the batch on its way.</summary>
    public const int HighWaterBytes = 256 * 1024;

    private const int FirstBufferBytes = 4096;
    private readonly Lock _gate = new();
    private IFrameSink? _sink;
    private byte[] _gathering = [];
    private byte[] _spare = [];
    private int _gathered;
    private bool _sending;
    private bool _closed;
    private Exception? _failure;
    private TaskCompletionSource? _nextRound;

    /// <summary>Creates a writer that gathers until <see cref="Attach"/>.</summary>
    internal GrpcStreamWriter() => _sending = true;

    internal GrpcStreamWriter(IFrameSink sink) => _sink = sink;

    /// <summary>Adds a message to the batch that gathers, without sending it: <see cref="FlushAsync"/> does.</summary>
    /// <exception cref="GrpcStatusException">The stream broke; the status says why.</exception>
    /// <exception cref="InvalidOperationException">The stream was completed.</exception>
    public void Write(T message)
    {
        var size = message.CalculateSize();
        lock (_gate)
            Append(message, size);
    }

    /// <summary>Adds one frame that the caller serializes in place, without sending it.</summary>
    /// <param name="maxPayloadBytes">The most that <paramref name="fill"/> will use.</param>
    /// <param name="state">Passed to <paramref name="fill"/>.</param>
    /// <param name="fill">Writes the payload and returns its length; must not call this writer.</param>
    public void WriteFrame<TState>(int maxPayloadBytes, TState state, GrpcFrameFiller<TState> fill)
        where TState : allows ref struct
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxPayloadBytes);
        ArgumentNullException.ThrowIfNull(fill);
        lock (_gate)
        {
            var target = Reserve(Frame.HeaderBytes + maxPayloadBytes);
            var used = fill(target[Frame.HeaderBytes..], state);
            Frame.WriteHeader(target, used);
            _gathered += Frame.HeaderBytes + used;
        }
    }

    /// <summary>
    /// Adds a message and sees to it that it is sent soon, together with whatever gathers meanwhile. Completes at once unless the
    /// peer is slow; it does not wait for the wire.
    /// </summary>
    /// <exception cref="GrpcStatusException">The stream broke; the status says why.</exception>
    public ValueTask WriteAsync(T message)
    {
        var size = message.CalculateSize();
        bool start;
        Task? room = null;
        lock (_gate)
        {
            Append(message, size);
            start = !_sending;
            _sending = true;
            if (_gathered > HighWaterBytes)
                room = NextRound();
        }
        if (start)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        return room is null ? default : new(room);
    }

    /// <summary>Sends what has gathered; completes when the transport has taken everything written before.</summary>
    /// <exception cref="GrpcStatusException">The stream broke; the status says why.</exception>
    public ValueTask FlushAsync()
    {
        lock (_gate)
        {
            ThrowIfBroken();
            if (_sending)
                return new(NextRound());
            if (_gathered == 0)
                return default;
            _sending = true;
        }
        return SendOnceAsync();
    }

    /// <summary>Half-closes the stream: what has gathered is sent, and nothing can be written any more.</summary>
    internal async ValueTask CloseAsync()
    {
        await FlushAsync().ConfigureAwait(false);
        lock (_gate)
        {
            _closed = true;
            Recycle(ref _gathering);
            Recycle(ref _spare);
        }
    }

    /// <summary>Like <see cref="CloseAsync"/>, for a stream that has failed already. Afterwards nothing touches the sink any more.</summary>
    internal async ValueTask TryCloseAsync()
    {
        try
        {
            await CloseAsync().ConfigureAwait(false);
        }
        catch (GrpcStatusException)
        {
            // The stream is broken; the failure that brought us here says more.
        }
    }

    /// <summary>Gives a writer its sink; what has gathered goes out at once.</summary>
    internal void Attach(IFrameSink sink)
    {
        lock (_gate)
            _sink = sink;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    /// <summary>Breaks the stream: every write from now on throws <paramref name="failure"/>.</summary>
    internal void Break(Exception failure)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            _failure ??= failure;
            _gathered = 0;
            waiting = _nextRound;
            _nextRound = null;
        }
        waiting?.TrySetException(failure);
    }

    void IThreadPoolWorkItem.Execute() => _ = SendAllAsync();

    private async Task SendAllAsync()
    {
        while (await SendRoundAsync().ConfigureAwait(false))
        {
        }
    }

    /// <summary>Sends one round on the caller's thread; what gathered meanwhile is left to the pool.</summary>
    private async ValueTask SendOnceAsync()
    {
        var more = await SendRoundAsync().ConfigureAwait(false);
        if (more)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        lock (_gate)
            ThrowIfFailed();
    }

    /// <summary>Sends what has gathered. False: there is nothing left and sending has stopped.</summary>
    private async ValueTask<bool> SendRoundAsync()
    {
        byte[] batch;
        int length;
        TaskCompletionSource? round;
        lock (_gate)
        {
            round = _nextRound;
            _nextRound = null;
            (batch, length) = (_gathering, _gathered);
            (_gathering, _gathered) = (_spare, 0);
            _spare = [];
            if (_failure is not null)
                length = 0;
        }
        try
        {
            if (length > 0)
                await _sink!.SendAsync(batch.AsMemory(0, length)).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever broke the transport breaks this stream, and every writer is told.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            var translated = await _sink!.ExplainAsync(failure).ConfigureAwait(false);
            Break(translated);
            round?.TrySetException(translated);
            return StopOrGoOn(batch);
        }
        round?.TrySetResult();
        return StopOrGoOn(batch);
    }

    private bool StopOrGoOn(byte[] batch)
    {
        lock (_gate)
        {
            if (_gathering.Length == 0)
                _gathering = batch;
            else if (batch.Length <= HighWaterBytes * 2 && !_closed)
                _spare = batch;
            else
                Recycle(ref batch);
            _sending = _gathered > 0 || _nextRound is not null;
            return _sending;
        }
    }

    private void Append(T message, int size)
    {
        var frame = Reserve(Frame.HeaderBytes + size);
        Frame.Write(message, frame[..(Frame.HeaderBytes + size)]);
        _gathered += Frame.HeaderBytes + size;
    }

    /// <summary>Room for <paramref name="bytes"/> behind what has gathered.</summary>
    private Span<byte> Reserve(int bytes)
    {
        ThrowIfBroken();
        if (_gathering.Length - _gathered < bytes)
        {
            var wanted = Math.Max(Math.Max(FirstBufferBytes, _gathered + bytes), Math.Min(_gathering.Length * 2L, HighWaterBytes * 2));
            var larger = ArrayPool<byte>.Shared.Rent((int)wanted);
            _gathering.AsSpan(0, _gathered).CopyTo(larger);
            Recycle(ref _gathering);
            _gathering = larger;
        }
        return _gathering.AsSpan(_gathered);
    }

    private Task NextRound() => (_nextRound ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private void ThrowIfBroken()
    {
        ThrowIfFailed();
        if (_closed)
            throw new InvalidOperationException("The stream was completed; nothing can be written to it any more.");
    }

    private void ThrowIfFailed()
    {
        if (_failure is GrpcStatusException status)
            throw new GrpcStatusException(status.Code, status.Message, status.Details, status.Trailers, status);
        if (_failure is not null)
            throw new GrpcStatusException(GrpcStatus.Cancelled, "The stream is broken.", _failure);
    }

    private static void Recycle(ref byte[] buffer)
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }
}
