using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Google.Protobuf;

namespace Enforcer.Grpc;

/// <summary>
/// Reads the messages of a stream, one reader at a time. Besides whole messages it hands out raw frames in place, for callers
/// that parse by themselves: <see cref="WaitToReadAsync"/>, then <see cref="TryReadFrame"/> until it says no.
/// </summary>
/// <remarks>
/// Bytes are acknowledged to the peer only as they are read, so a reader that stops reading stops the peer: no more than one
/// message and the HTTP/2 window is ever kept.
/// </remarks>
public sealed class GrpcStreamReader<T>
    where T : class, IMessage<T>
{
    private readonly IReadSide _side;
    private readonly MessageParser<T> _parser;
    private readonly int _maxBytes;
    private readonly GrpcStatus _onMalformed;
    private PipeReader? _pipe;
    private ReadOnlySequence<byte> _rest;
    private bool _reading;
    private bool _completed;
    private bool _ended;
    private volatile bool _waiting;
    private volatile bool _insideFrame;
    private long _frames;

    internal GrpcStreamReader(IReadSide side, MessageParser<T> parser, int maxBytes, GrpcStatus onMalformed)
    {
        _side = side;
        _parser = parser;
        _maxBytes = maxBytes;
        _onMalformed = onMalformed;
    }

    /// <summary>How many frames were read so far.</summary>
    public long FramesRead => Volatile.Read(ref _frames);

    internal ReadProgress Progress => new(FramesRead, _waiting, _insideFrame);

    /// <summary>The next message, or null after the last.</summary>
    /// <exception cref="GrpcStatusException">The stream broke, a frame is malformed or too long, or the call ended badly.</exception>
    public ValueTask<T?> ReadAsync() => TryRead(out var message) ? new(message) : ReadSlowAsync();

    /// <summary>The next message, if it has arrived completely.</summary>
    public bool TryRead([NotNullWhen(true)] out T? message)
    {
        if (TryReadFrame(out var payload))
        {
            message = Frame.Parse(_parser, payload, _onMalformed);
            return true;
        }
        message = null;
        return false;
    }

    /// <summary>
    /// The payload of the next frame, if it has arrived completely. It stays valid until the next <see cref="WaitToReadAsync"/>
    /// or <see cref="ReadAsync"/>.
    /// </summary>
    public bool TryReadFrame(out ReadOnlySequence<byte> payload)
    {
        if (!Frame.TryRead(_rest, _maxBytes, out var length))
        {
            payload = default;
            return false;
        }
        payload = _rest.Slice(Frame.HeaderBytes, length);
        _rest = _rest.Slice(payload.End);
        Volatile.Write(ref _frames, unchecked(_frames + 1));
        return true;
    }

    /// <summary>Waits until a whole frame has arrived (true) or the peer has ended the stream (false).</summary>
    /// <exception cref="GrpcStatusException">The stream broke, a frame is malformed or too long, or the call ended badly.</exception>
    public async ValueTask<bool> WaitToReadAsync()
    {
        if (_ended)
            return false;
        try
        {
            _pipe ??= await _side.OpenAsync().ConfigureAwait(false);
            while (!Frame.TryRead(_rest, _maxBytes, out _))
            {
                if (_completed)
                    return EndOfStream();
                await FillAsync(_pipe).ConfigureAwait(false);
            }
            return true;
        }
        catch (Exception failure) when (failure is not GrpcStatusException)
        {
            throw _side.Fail(failure);
        }
    }

    private async ValueTask<T?> ReadSlowAsync()
    {
        while (await WaitToReadAsync().ConfigureAwait(false))
        {
            if (TryRead(out var message))
                return message;
        }
        return null;
    }

    private async ValueTask FillAsync(PipeReader pipe)
    {
        if (_reading)
            pipe.AdvanceTo(_rest.Start, _rest.End);
        _reading = false;
        if (!pipe.TryRead(out var result))
        {
            _insideFrame = !_rest.IsEmpty;
            _waiting = true;
            result = await pipe.ReadAsync(_side.CancellationToken).ConfigureAwait(false);
            _waiting = false;
        }
        _reading = true;
        _rest = result.Buffer;
        _completed = result.IsCompleted;
        if (result.IsCanceled)
            throw new OperationCanceledException("The wait for the next message was ended.");
    }

    private bool EndOfStream()
    {
        if (!_rest.IsEmpty)
        {
            throw new GrpcStatusException(_onMalformed,
                $"the stream ends inside a message: {_rest.Length} bytes of an incomplete frame are left over.");
        }
        _ended = true;
        _side.End();
        return false;
    }
}
