using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Rules;

namespace Enforcer.Ledger.Tests.Scenarios;

/// <summary>Looks a command's operation and reservation up in a journal, as a host does.</summary>
internal static class Past
{
    public static History Of(IReadOnlyList<Entry> journal, in Command command)
    {
        var id = command.OperationId;
        Entry? operation = null;
        var reservation = new ReservationHistory(command.ReservationId);
        foreach (var entry in journal)
        {
            if (entry.OperationId == id) operation = entry;
            reservation.Add(entry);
        }
        return new History(operation, command.ReservationId.IsNone ? null : reservation);
    }
}
