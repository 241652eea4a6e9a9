using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;

namespace Enforcer.Ledger.Rules;

/// <summary>Open: makes the account, sets its limits and opens their windows, in one record.</summary>
internal static class OpeningRule
{
    public static Outcome Decide(in Ruling ruling, in Command command)
    {
        if (command.Kind != CommandKind.Open) return ruling.Refuse(Refusal.UnknownAccount);
        if (RepeatRule.TryAnswer(ruling, command, out var refused)) return refused;
        var outcome = ruling.Record(command, new Entry
        {
            Kind = EntryKind.Opened,
            Unit = command.Unit,
            HeadroomNanos = Outcome.NoCap,
            Actor = command.Actor,
            Reason = command.Reason,
        });
        ruling.Record(new Entry { Kind = EntryKind.LimitsSet, Limits = command.Limits ?? LimitSet.Unlimited, HeadroomNanos = Outcome.NoCap });
        DueRule.OpenWindows(ruling);
        return outcome;
    }
}
