using Enforcer.Host.Operations;
using Enforcer.Journal;
using Enforcer.Journal.Reading;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Rules;

namespace Enforcer.Host.Activations;

/// <summary>
/// The slow and rare path: walks an account's history back to an operation's own time (SPEC section 3), for one parked
/// command after the other, and leaves a mark in the filter for every operation that it passes, so that the next new one
/// need not ask.
/// </summary>
internal sealed class HistoryLookup(IJournal journal, AccountReader reader, OperationFilter filter, LedgerOptions ledger, TimeProvider clock)
{
    /// <summary>How much further back than asked a walk goes, so that callers with slightly slower clocks do not start another.</summary>
    private const long MarginMs = 5_000;

    private long NowMs => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task RunAsync(Activation activation, ReadTurns reads, CancellationToken stopping)
    {
        try
        {
            while (activation.TryNextParked(NowMs, out var parked, out var tail))
            {
                await reads.TakeAsync().ConfigureAwait(false);
                try
                {
                    await journal.WhenDurableAsync(tail.Ticket).ConfigureAwait(false);
                    var since = EarliestMs(parked.Command);
                    var history = await WalkAsync(parked.Command, tail, since, stopping).ConfigureAwait(false);
                    activation.DecideWithHistory(parked, history, since, NowMs);
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

    /// <summary>An operation executed at A has an id time of at most A + tolerance: nothing of it is older than this.</summary>
    private long EarliestMs(in Command command)
    {
        var earliest = command.OperationId.TimeMs - ledger.FutureToleranceMs - MarginMs;
        return command.ReservationId.IsNone ? earliest : Math.Min(earliest, command.ReservationId.TimeMs - ledger.FutureToleranceMs);
    }

    private async Task<History> WalkAsync(Command command, AccountTail tail, long sinceMs, CancellationToken stopping)
    {
        Entry? operation = null;
        var ofReservation = new List<Entry>();
        await foreach (var entry in reader.WalkBackAsync(tail, stopping).ConfigureAwait(false))
        {
            if (entry.AtMs <= sinceMs) break;
            if (!entry.OperationId.IsNone) filter.Add(tail.Account, entry.OperationId, entry.AtMs);
            if (entry.OperationId == command.OperationId) operation = entry;
            if (!command.ReservationId.IsNone && entry.ReservationId == command.ReservationId) ofReservation.Add(entry);
        }
        if (command.ReservationId.IsNone) return new History(operation, null);
        var reservation = new ReservationHistory(command.ReservationId);
        for (var i = ofReservation.Count - 1; i >= 0; i--) reservation.Add(ofReservation[i]);
        return new History(operation, reservation);
    }
}
