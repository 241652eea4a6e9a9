using Enforcer.Edge.Observability;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Outbox;

/// <summary>Brings settlements to Enforcer: at once, and again from the outbox until they are booked.</summary>
internal sealed class Settler(CallOutbox outbox, ISpendGate gate, EdgeInstruments instruments, TimeProvider clock, ILogger log)
{
    private const int AtOnce = 64;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromSeconds(15);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _underWay = 1; // The last one is the settler itself, until it ends.

    /// <summary>
    /// Settles a call. When this returns, the settlement is written down and on its way before all that is asked of Enforcer after it, so that the customer's next call
    /// finds what this one gives back. Nobody needs to wait for the answer: what cannot be delivered now is delivered later.
    /// </summary>
    public void Settle(Settlement settlement)
    {
        outbox.Keep(settlement);
        Interlocked.Increment(ref _underWay);
        _ = DeliverAsync(settlement);
    }

    /// <summary>Writes down that a call can now come to more.</summary>
    public void Note(Settlement worst) => outbox.Keep(worst);

    /// <summary>Delivers what is due, until the edge stops; then waits for what is under way.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var wait = Period;
        while (!stopping.IsCancellationRequested)
        {
            var isAllDone = await DeliverDueAsync(stopping).ConfigureAwait(false);
            outbox.Tidy();
            wait = isAllDone ? Period : TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, LongestPeriod.Ticks));
            await Task.Delay(wait, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        OneIsOver();
        await _idle.Task.ConfigureAwait(false);
    }

    private async Task DeliverAsync(Settlement settlement)
    {
        try
        {
            var started = clock.GetTimestamp();
            if (await TryAsync(settlement).ConfigureAwait(false))
                instruments.Committed(clock.GetElapsedTime(started));
            else
                outbox.Defer(settlement.ReservationId);
        }
        finally
        {
            OneIsOver();
        }
    }

    /// <summary>Tries what is due, some at once; what does not go now will hardly go for the next ones.</summary>
    private async Task<bool> DeliverDueAsync(CancellationToken stopping)
    {
        foreach (var some in outbox.Due().Chunk(AtOnce))
        {
            var done = await Task.WhenAll(some.Select(TryAsync)).ConfigureAwait(false);
            if (stopping.IsCancellationRequested || Array.Exists(done, static isDone => !isDone))
                return false;
        }
        return true;
    }

    private async Task<bool> TryAsync(Settlement settlement)
    {
        switch (await ResultOfAsync(settlement).ConfigureAwait(false))
        {
            case SettleResult.Later:
                instruments.Deferred();
                return false;
            case SettleResult.Never:
                EdgeLog.NeverSettled(log, settlement.ReservationId, settlement.Account);
                break;
            default:
                instruments.Settled(settlement);
                break;
        }
        outbox.Close(settlement.ReservationId);
        return true;
    }

    /// <summary>A fault of the edge's own must not end the deliveries of all others.</summary>
    private async Task<SettleResult> ResultOfAsync(Settlement settlement)
    {
        try
        {
            return await gate.SettleAsync(settlement).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            EdgeLog.SettlementFailed(log, settlement.ReservationId, failure);
            return SettleResult.Later;
        }
    }

    private void OneIsOver()
    {
        if (Interlocked.Decrement(ref _underWay) == 0)
            _idle.TrySetResult();
    }
}
