using Microsoft.AspNetCore.Http;

namespace Enforcer.Grpc;

/// <summary>
/// The deadline of one call. The timer exists only once somebody waits: a handler that answers at once never pays for it.
/// </summary>
internal sealed class CallDeadline : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _timeProvider;
    private CancellationTokenSource? _source;
    private CancellationTokenRegistration _aborted;
    private ITimer? _timer;
    private volatile bool _passed;

    private CallDeadline(TimeProvider timeProvider, DateTimeOffset at)
    {
        _timeProvider = timeProvider;
        At = at;
    }

    public DateTimeOffset At { get; }

    public bool HasPassed => _passed;

    public static CallDeadline After(TimeSpan timeout, TimeProvider timeProvider) =>
        new(timeProvider, timeProvider.GetUtcNow() + timeout);

    /// <summary>Starts the timer and gives the token that it, or the end of the request, cancels.</summary>
    public CancellationToken Arm(HttpContext context)
    {
        lock (_gate)
        {
            if (_source is not null)
                return _source.Token;
            _source = new CancellationTokenSource();
            _aborted = context.RequestAborted.UnsafeRegister(static self => ((CallDeadline)self!).Cancel(), this);
            var left = At - _timeProvider.GetUtcNow();
            _timer = _timeProvider.CreateTimer(static self => ((CallDeadline)self!).Pass(), this,
                left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            return _source.Token;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _aborted.Dispose();
            _timer?.Dispose();
        }
    }

    private void Pass()
    {
        _passed = true;
        Cancel();
    }

    private void Cancel() => _source!.Cancel();
}
