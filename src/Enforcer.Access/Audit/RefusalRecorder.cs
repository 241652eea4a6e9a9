namespace Enforcer.Access;

/// <summary>
/// Writes who was turned away into the audit trail, at a bounded rate, so that an attacker can neither fill the disk
/// nor keep it busy. What is left out is counted and told in the next line.
/// </summary>
public sealed class RefusalRecorder(IAuditTrail trail, TimeProvider clock)
{
    /// <summary>Lines at once, after a quiet time.</summary>
    public const int Burst = 30;

    /// <summary>Time for one more line.</summary>
    public const int MsPerLine = 1_000;

    private readonly Lock _lock = new();
    private long _paidUntilMs;
    private long _leftOut;

    /// <summary>Records a refusal, or counts it if there are too many.</summary>
    /// <param name="action"><see cref="AuditActions.Unauthenticated"/> or <see cref="AuditActions.Forbidden"/>.</param>
    /// <param name="actor">The token id if it is known, else empty.</param>
    /// <param name="subject">The method that was asked for.</param>
    /// <param name="detail">From where; never what was presented.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public ValueTask RecordAsync(
        string action, string actor, string subject, string detail, CancellationToken cancellation)
    {
        var nowMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
        long leftOut;
        lock (_lock)
        {
            // A clock that jumped back must not silence the trail until it has caught up.
            _paidUntilMs = Math.Min(_paidUntilMs, nowMs);
            var startMs = Math.Max(_paidUntilMs, nowMs - ((long)Burst * MsPerLine));
            if (startMs + MsPerLine > nowMs)
            {
                _leftOut++;
                return ValueTask.CompletedTask;
            }

            _paidUntilMs = startMs + MsPerLine;
            leftOut = _leftOut;
            _leftOut = 0;
        }

        var words = leftOut == 0 ? detail : $"{detail} ({leftOut} refusals before this one were left out)";
        return trail.AppendAsync(new(AuditKind.Refusal, nowMs, actor, action, subject, words), cancellation);
    }
}
