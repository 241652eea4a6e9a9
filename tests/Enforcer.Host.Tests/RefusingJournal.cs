using Enforcer.Journal;
using Enforcer.Ledger.Entries;

namespace Enforcer.Host.Tests;

/// <summary>A journal that says it is ready and then takes nothing, as one does that fails between the two.</summary>
internal sealed class RefusingJournal(IJournal journal) : IJournal
{
    public event Action<LostRecords>? Lost
    {
        add => journal.Lost += value;
        remove => journal.Lost -= value;
    }

    /// <summary>The next append fails.</summary>
    public bool RefusesNext { get; set; }

    public JournalReadiness Readiness => journal.Readiness;

    public int Generation => journal.Generation;

    public long DurableBatch => journal.DurableBatch;

    public Exception? LastError => journal.LastError;

    public AppendTicket Append(ref AccountTail tail, ReadOnlySpan<Entry> entries)
    {
        if (!RefusesNext) return journal.Append(ref tail, entries);
        RefusesNext = false;
        throw new JournalUnavailableException("the disk is full");
    }

    public bool IsLost(ref AccountTail tail) => journal.IsLost(ref tail);

    public bool IsDurable(AppendTicket ticket) => journal.IsDurable(ticket);

    public ValueTask WhenDurableAsync(AppendTicket ticket) => journal.WhenDurableAsync(ticket);
}
