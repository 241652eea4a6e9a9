using Enforcer.Host.Activations;
using Enforcer.Journal;
using Enforcer.Journal.Committing;

namespace Enforcer.Host.Heads;

/// <summary>Heads and snapshots of accounts as they are now, on their way to the journal.</summary>
internal static class DueHeads
{
    /// <summary>
    /// Writes the heads of those accounts that have anything new, once all that they stand on is durable. If that fails, they are due again.
    /// </summary>
    /// <remarks>
    /// Every ticket is waited for, not the latest alone: a batch that was lost may be followed by batches that are durable, and a head must never tell of
    /// entries that are nowhere.
    /// </remarks>
    public static async Task WriteAsync(AccountHost host, JournalHeads heads, IEnumerable<Activation> activations, CancellationToken cancel)
    {
        var taken = new List<(Activation Activation, AccountHead Head, AppendTicket Ticket)>();
        foreach (var activation in activations)
        {
            if (activation.TakeHead() is { } one) taken.Add((activation, one.Head, one.Ticket));
        }
        if (taken.Count == 0) return;
        try
        {
            foreach (var (_, _, ticket) in taken) await host.WhenDurableAsync(ticket).AsTask().WaitAsync(cancel).ConfigureAwait(false);
            await heads.WriteAsync([.. taken.Select(static one => one.Head)], cancel).ConfigureAwait(false);
        }
        catch
        {
            foreach (var (activation, _, _) in taken) activation.MissHead();
            throw;
        }
    }
}
