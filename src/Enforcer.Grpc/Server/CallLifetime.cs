using Microsoft.AspNetCore.Http;

namespace Enforcer.Grpc;

/// <summary>
/// What can end one call before its handler does: its deadline, a caller that goes away, a server that stops. The timer and the
/// registrations exist only once somebody waits: a handler that answers at once never pays for them.
/// </summary>
internal sealed class CallLifetime : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _timeProvider;
    private readonly CancellationToken _stopping;
    private CancellationTokenSource? _source;
    private CancellationTokenRegistration _onAborted;
    private CancellationTokenRegistration _onStopping;
    private ITimer? _timer;
    private volatile bool _deadlinePassed;

    private CallLifetime(TimeProvider timeProvider, DateTimeOffset? deadline, CancellationToken stopping)
    {
        _timeProvider = timeProvider;
        _stopping = stopping;
        Deadline = deadline;
    }

    public DateTimeOffset? Deadline { get; }

    public bool IsDeadlineExceeded => _deadlinePassed;

    /// <param name="timeProvider">The clock of the deadline.</param>
    /// <param name="timeout">How long the caller waits; null: for ever.</param>
    /// <param name="stopping">Ends the call when the server stops; none: the call may run to its end.</param>
    public static CallLifetime Begin(TimeProvider timeProvider, TimeSpan? timeout, CancellationToken stopping) =>
        new(timeProvider, timeout is { } t ? timeProvider.GetUtcNow() + t : null, stopping);

    /// <summary>Starts the timer and gives the token that ends the call.</summary>
    public CancellationToken Arm(HttpContext context)
    {
        lock (_gate)
        {
            if (_source is not null)
                return _source.Token;
            _source = new CancellationTokenSource();
            _onAborted = context.RequestAborted.UnsafeRegister(static self => ((CallLifetime)self!).Cancel(), this);
            _onStopping = _stopping.UnsafeRegister(static self => ((CallLifetime)self!).Cancel(), this);
            if (Deadline is { } deadline)
            {
                var left = deadline - _timeProvider.GetUtcNow();
                _timer = _timeProvider.CreateTimer(static self => ((CallLifetime)self!).Pass(), this,
                    left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            }
            return _source.Token;
        }
    }

    public void Dispose()
    {
        _onAborted.Dispose();
        _onStopping.Dispose();
        _timer?.Dispose();
    }

    private void Pass()
    {
        _deadlinePassed = true;
        Cancel();
    }

    private void Cancel() => _source!.Cancel();
}
