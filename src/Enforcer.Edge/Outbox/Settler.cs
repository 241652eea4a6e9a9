using Enforcer.Edge.Observability;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Outbox;

/// <summary>Brings settlements to Enforcer: at once, and again from the outbox until they are booked.</summary>
internal sealed class Settler(CallOutbox outbox, ISpendGate gate, EdgeInstruments instruments, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromSeconds(15);

    /// <summary>Settles a call. Never throws: what cannot be delivered now is delivered later.</summary>
    public async Task SettleAsync(Settlement settlement)
    {
        outbox.Keep(settlement);
        if (!await TryAsync(settlement).ConfigureAwait(false))
            outbox.Defer(settlement.ReservationId);
    }

    /// <summary>Writes down that a call can now come to more.</summary>
    public void Note(Settlement worst) => outbox.Keep(worst);

    /// <summary>Delivers what is due, until the edge stops.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var wait = Period;
        while (!stopping.IsCancellationRequested)
        {
            var isAllDone = true;
            foreach (var settlement in outbox.Due())
            {
                // What does not go now will hardly go for the next one.
                isAllDone = await TryAsync(settlement).ConfigureAwait(false);
                if (!isAllDone || stopping.IsCancellationRequested)
                    break;
            }
            wait = isAllDone ? Period : TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, LongestPeriod.Ticks));
            await Task.Delay(wait, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryAsync(Settlement settlement)
    {
        switch (await gate.SettleAsync(settlement).ConfigureAwait(false))
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
}
