namespace Enforcer.Grpc;

/// <summary>The end of one call on a client: its deadline, its cancellation, and what a failure under them means.</summary>
internal sealed class CallClock : IDisposable
{
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource? _deadline;
    private readonly CancellationTokenSource? _either;

    public CallClock(in GrpcCallOptions options, TimeProvider timeProvider)
    {
        _caller = options.CancellationToken;
        Token = _caller;
        if (options.Timeout is not { } timeout)
            return;
        var bounded = timeout > GrpcTimeout.Longest ? GrpcTimeout.Longest : timeout;
        _deadline = new CancellationTokenSource(bounded > TimeSpan.Zero ? bounded : TimeSpan.Zero, timeProvider);
        if (_caller.CanBeCanceled)
            _either = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token, _caller);
        Token = (_either ?? _deadline).Token;
    }

    public CancellationToken Token { get; }

    public GrpcStatusException Translate(Exception failure)
    {
        if (_deadline is { IsCancellationRequested: true })
            return new(GrpcStatus.DeadlineExceeded, "the deadline of the call has passed.", failure);
        if (_caller.IsCancellationRequested)
            return new(GrpcStatus.Cancelled, "the call was cancelled.", failure);
        return TransportFailure.Translate(failure);
    }

    public void Dispose()
    {
        _either?.Dispose();
        _deadline?.Dispose();
    }
}
