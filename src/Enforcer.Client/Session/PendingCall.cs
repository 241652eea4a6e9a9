using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;

namespace Enforcer.Client;

/// <summary>One caller's wait for the answer to one command; pooled, and awaited exactly once.</summary>
/// <remarks>
/// Who ends the wait (answer, deadline or cancellation) is decided by the table under its gate, so exactly one does. The object
/// returns to the pool when its result is taken; by then its cancellation is unregistered, and no callback runs any more.
/// </remarks>
internal sealed class PendingCall : IValueTaskSource<SessionOutcome>, IOutcomeHandler
{
    private readonly ConcurrentQueue<PendingCall> _pool;
    private readonly CommandTable _table;
    private readonly AsyncSignal _work;
    private readonly TimeProvider _clock;
    private ManualResetValueTaskSourceCore<SessionOutcome> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private ulong _number;

    public PendingCall(ConcurrentQueue<PendingCall> pool, CommandTable table, AsyncSignal work, TimeProvider clock)
    {
        _pool = pool;
        _table = table;
        _work = work;
        _clock = clock;
    }

    /// <summary>Accepts the command, for which the caller holds a permit.</summary>
    public ValueTask<SessionOutcome> Start(in SessionCommand command, CancellationToken cancellationToken)
    {
        var version = _core.Version;
        var (number, wake) = _table.Add(new(in command), this, releaseIfLeft: true, _clock.GetTimestamp());
        _number = number;
        if (wake)
            _work.Set();
        if (cancellationToken.CanBeCanceled)
            _registration = cancellationToken.UnsafeRegister(static (call, token) => ((PendingCall)call!).Cancel(token), this);
        return new(this, version);
    }

    public void OnOutcome(long mark, in SessionOutcome outcome)
    {
        switch (outcome.Refusal)
        {
            case Refusal.Invalid:
                _core.SetException(new EnforcerException(GrpcStatus.InvalidArgument,
                    $"the server found the command malformed: {outcome.Detail?.Message}"));
                break;
            case Refusal.Unavailable:
                _core.SetException(new EnforcerException(GrpcStatus.Unavailable,
                    $"the server's journal cannot be reached: {outcome.Detail?.Message} Repeat the call later.")
                { MayHaveTakenEffect = true });
                break;
            default:
                _core.SetResult(outcome);
                break;
        }
    }

    public void OnFailure(long mark, EnforcerException failure) => _core.SetException(failure);

    SessionOutcome IValueTaskSource<SessionOutcome>.GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _registration.Dispose();
            _registration = default;
            _core.Reset();
            _pool.Enqueue(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<SessionOutcome>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<SessionOutcome>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken token)
    {
        var (left, wake) = _table.Leave(_number, _clock.GetTimestamp());
        if (wake)
            _work.Set();
        if (left)
            _core.SetException(new OperationCanceledException("The wait for the answer was cancelled.", token));
    }
}
