namespace Enforcer.Journal.Committing;

/// <summary>
/// Lets the next batch wait a moment for those who will be back. Where a commit costs much, however little is in it, many small batches cost more than the
/// work that they carry: three nodes on one PostgreSQL spent most of their time on that.
/// </summary>
/// <remarks>
/// Those who were answered mostly come again at once. So a batch waits until it holds three quarters of the records that were written before it and that came
/// meanwhile, and never longer than a bound. A caller that is alone never waits, for three quarters of one are none. Everything here is called under the journal's gate.
/// </remarks>
internal sealed class Gathering : IDisposable
{
    /// <summary>A batch of so many is worth its commit, whoever may still come.</summary>
    private const int Worthwhile = 1_024;
    private readonly TimeSpan _longest;
    private readonly WorkPool _work;
    private readonly ITimer? _timer;
    private Signal? _waiting;
    private int _wanted;

    /// <param name="longest">The longest wait; zero: there is none.</param>
    /// <param name="gate">The journal's.</param>
    /// <param name="work">Where the writer goes on.</param>
    /// <param name="time">The clock of the bound.</param>
    public Gathering(TimeSpan longest, Lock gate, WorkPool work, TimeProvider time)
    {
        (_longest, _work) = (longest, work);
        if (longest == TimeSpan.Zero) return;
        // One that fires late ends a later wait early; that costs a smaller batch.
        _timer = time.CreateTimer(_ => { lock (gate) End(); }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Completes when the open batch is worth its commit, or has waited for long enough.</summary>
    /// <param name="written">Records of the batch that was just written.</param>
    /// <param name="open">Records that came meanwhile.</param>
    public ValueTask BeginAsync(int written, int open)
    {
        if (_timer is null) return ValueTask.CompletedTask;
        _wanted = Math.Min((written + open) * 3 / 4, Worthwhile);
        if (open >= _wanted) return ValueTask.CompletedTask;
        _waiting = new Signal();
        _timer.Change(_longest, Timeout.InfiniteTimeSpan);
        return new ValueTask(_waiting.Task);
    }

    /// <summary>So many records are in the open batch now.</summary>
    public void Note(int open)
    {
        if (_waiting is not null && open >= _wanted) End();
    }

    /// <summary>Nobody is waited for any more.</summary>
    public void End()
    {
        _waiting?.Tell(_work);
        _waiting = null;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();
}
