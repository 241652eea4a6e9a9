using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;

namespace Enforcer.Ledger.Rules;

/// <summary>
/// Suspend, Resume, Close. What is so already is recorded again, so that the operation is remembered: a repeated Suspend must
/// not undo a Resume that came between. What is closed stays closed.
/// </summary>
internal static class StatusRule
{
    public static Outcome Decide(in Ruling ruling, in Command command)
    {
        var kind = command.Kind switch
        {
            CommandKind.Suspend => EntryKind.Suspended,
            CommandKind.Resume => EntryKind.Resumed,
            _ => EntryKind.Closed,
        };
        if (ruling.State.Status == AccountStatus.Closed) return ruling.Refuse(Refusal.Closed);
        return ruling.Record(command, new Entry
        {
            Kind = kind,
            HeadroomNanos = Outcome.NoCap,
            Actor = command.Actor,
            Reason = command.Reason,
        });
    }
}
