namespace Enforcer.Grpc;

/// <summary>
/// Ends a duplex stream whose client sends nothing for too long, or begins a message and does not finish it. It looks at the
/// reader's progress now and then, so that reading itself never touches a clock.
/// </summary>
internal sealed class StreamIdleGuard : IDisposable
{
    private const int LooksPerLimit = 4;
    private readonly GrpcServerOptions _options;
    private readonly Func<ReadProgress> _progress;
    private readonly Action<GrpcStatusException> _end;
    private readonly ITimer _timer;
    private ReadProgress _seen;
    private long _since;

    public StreamIdleGuard(GrpcServerOptions options, Func<ReadProgress> progress, Action<GrpcStatusException> end)
    {
        _options = options;
        _progress = progress;
        _end = end;
        _since = options.TimeProvider.GetTimestamp();
        var shorter = options.StreamIdleTimeout < options.SlowPeerTimeout ? options.StreamIdleTimeout : options.SlowPeerTimeout;
        var period = shorter / LooksPerLimit;
        _timer = options.TimeProvider.CreateTimer(static self => ((StreamIdleGuard)self!).Look(), this, period, period);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var now = _options.TimeProvider.GetTimestamp();
        var progress = _progress();
        // Only a reader that waits is kept waiting by the client; one that works, or waits to write, is not idle.
        if (!progress.IsWaiting || progress != _seen)
        {
            _seen = progress;
            _since = now;
            return;
        }
        var waited = _options.TimeProvider.GetElapsedTime(_since, now);
        if (progress.InsideFrame && waited >= _options.SlowPeerTimeout)
        {
            _end(new(GrpcStatus.Unavailable,
                $"a message has begun and did not arrive within {_options.SlowPeerTimeout}; open a new stream."));
        }
        else if (waited >= _options.StreamIdleTimeout)
        {
            _end(new(GrpcStatus.Unavailable, $"the stream was idle for {_options.StreamIdleTimeout}; open a new one when there is work."));
        }
    }
}
