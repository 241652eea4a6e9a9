using Enforcer.Host.Operations;
using Enforcer.Journal;
using Enforcer.Journal.Reading;

namespace Enforcer.Host.Activations;

/// <summary>
/// The slow and rare path: walks an account's history back to its parked commands' own time (SPEC section 3), once for as many of them as it
/// can, and leaves a mark in the filter for every operation that it passes, so that the next new one need not ask.
/// </summary>
internal sealed class HistoryLookup(IJournal journal, AccountReader reader, OperationFilter filter, TimeProvider clock)
{
    private long NowMs => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task RunAsync(Activation activation, ReadTurns reads, CancellationToken stopping)
    {
        try
        {
            for (var goesOn = true; goesOn;)
            {
                // Its turn first: whoever comes while it waits is served with the others.
                await reads.TakeAsync().ConfigureAwait(false);
                try
                {
                    goesOn = await WalkAsync(activation, stopping).ConfigureAwait(false);
                }
                finally
                {
                    reads.Give();
                }
            }
        }
        catch (Exception exception)
        {
            // Whatever went wrong, nobody may be left waiting; the cause reaches every caller.
            activation.FailParked(exception);
        }
    }

    /// <summary>Decides what waits with what one walk finds; false if nothing waits any more.</summary>
    private async Task<bool> WalkAsync(Activation activation, CancellationToken stopping)
    {
        if (activation.NextWalk(NowMs, out var tail) is not { } walk) return false;
        await journal.WhenDurableAsync(tail.Ticket).ConfigureAwait(false);
        await foreach (var entry in reader.WalkBackAsync(tail, stopping).ConfigureAwait(false))
        {
            if (entry.AtMs <= walk.SinceMs) break;
            if (!entry.OperationId.IsNone) filter.Add(tail.Account, entry.OperationId, entry.AtMs);
            walk.Pass(entry);
        }
        activation.DecideWithHistory(walk, NowMs);
        return true;
    }
}
