using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;

namespace Enforcer.Ledger.Rules;

/// <summary>Suspend, Resume, Close. What is so already is granted again without an entry; what is closed stays closed.</summary>
internal static class StatusRule
{
    public static Outcome Decide(in Ruling ruling, in Command command)
    {
        var (wanted, kind) = command.Kind switch
        {
            CommandKind.Suspend => (AccountStatus.Suspended, EntryKind.Suspended),
            CommandKind.Resume => (AccountStatus.Active, EntryKind.Resumed),
            _ => (AccountStatus.Closed, EntryKind.Closed),
        };
        var status = ruling.State.Status;
        if (status == wanted) return ruling.Refuse(Refusal.Granted);
        if (status == AccountStatus.Closed) return ruling.Refuse(Refusal.Closed);
        return ruling.Record(command, new Entry
        {
            Kind = kind,
            HeadroomNanos = Outcome.NoCap,
            Actor = command.Actor,
            Reason = command.Reason,
        });
    }
}
