using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;

namespace Enforcer.Ledger.Rules;

/// <summary>
/// SetLimits and TopUp. A cap may be lowered below what is used: what was granted stands, and nothing new is granted until
/// there is headroom. A limit that was not there before counts from now on.
/// </summary>
internal static class LimitChangeRule
{
    public static Outcome Decide(in Ruling ruling, in Command command)
    {
        if (ruling.State.Status == AccountStatus.Closed) return ruling.Refuse(Refusal.Closed);
        return command.Kind == CommandKind.TopUp ? TopUp(ruling, command) : SetLimits(ruling, command);
    }

    private static Outcome SetLimits(in Ruling ruling, in Command command)
    {
        // What is due ends as it was agreed when its time came.
        if (DueRule.IsMoreDue(ruling) && command.Limits!.OnExpiry != ruling.State.Limits.OnExpiry) return ruling.Refuse(Refusal.Busy);
        var outcome = ruling.Record(command, new Entry
        {
            Kind = EntryKind.LimitsSet,
            Limits = command.Limits,
            HeadroomNanos = Outcome.NoCap,
            Actor = command.Actor,
            Reason = command.Reason,
        });
        DueRule.OpenWindows(ruling);
        return outcome;
    }

    private static Outcome TopUp(in Ruling ruling, in Command command)
    {
        var counters = ruling.State.Counters;
        for (var slot = 0; slot < counters.Length; slot++)
        {
            if (counters[slot] is not { Limit.IsBalance: true } counter) continue;
            var excess = counter.Limit.CapNanos - (LedgerBounds.MaxCapNanos - command.AmountNanos);
            if (excess > 0) return ruling.RefuseChange("the cap would exceed the highest that can be set; top up less") with { ShortBy = excess };
            return ruling.Record(command, new Entry
            {
                Kind = EntryKind.ToppedUp,
                AmountNanos = command.AmountNanos,
                HeadroomNanos = counter.HeadroomNanos + command.AmountNanos,
                Actor = command.Actor,
                Reason = command.Reason,
            });
        }
        return ruling.RefuseChange("the account has no life-long spend limit to top up; set one first");
    }
}
