using System.Runtime.CompilerServices;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;

namespace Enforcer.Ledger.Rules;

/// <summary>
/// Every operation takes effect at most once (SPEC section 3): same id and body, same answer; same id and another body, a
/// conflict; an id too old to be known, a refusal.
/// </summary>
/// <remarks>
/// An id is known to be new if it was made after everything that the state has forgotten. That holds because no operation
/// is executed whose id lies more than <see cref="LedgerOptions.FutureToleranceMs"/> ahead of the account's time: one
/// executed at A has an id time of at most A + tolerance. Without that refusal a caller with a fast clock could be
/// forgotten and executed twice.
/// </remarks>
internal static class RepeatRule
{
    public static bool TryAnswer(in Ruling ruling, in Command command, out Outcome outcome)
    {
        if (command.OperationId.TimeMs < ruling.NowMs - ruling.Options.RetentionMs)
        {
            // Also where the state happens to remember it: the answer must not depend on how busy the account was.
            outcome = ruling.Refuse(Refusal.ExpiredOperation);
            return true;
        }
        ref readonly var known = ref ruling.State.FindOperation(command.OperationId);
        if (!Unsafe.IsNullRef(in known))
        {
            outcome = known.BodyHash == command.BodyHash() ? known.ToOutcome() : ruling.Refuse(Refusal.OperationConflict);
            return true;
        }
        var refusal = RefusalOfUnknown(ruling, command.OperationId.TimeMs);
        outcome = refusal == Refusal.Granted ? default : ruling.Refuse(refusal);
        if (refusal != Refusal.NeedsHistory || ruling.History is null) return refusal != Refusal.Granted;
        if (ruling.History.Operation is not { } entry)
        {
            outcome = default;
            return false;
        }
        outcome = entry.BodyHash == command.BodyHash() ? Outcome.From(entry) : ruling.Refuse(Refusal.OperationConflict);
        return true;
    }

    private static Refusal RefusalOfUnknown(in Ruling ruling, long madeAtMs)
    {
        var options = ruling.Options;
        if (madeAtMs > ruling.NowMs + options.FutureToleranceMs) return Refusal.FutureOperation;
        var forgotten = ruling.State.Operations.ForgottenAtMs;
        var isNew = forgotten == long.MinValue || madeAtMs > forgotten + options.FutureToleranceMs;
        return isNew ? Refusal.Granted : Refusal.NeedsHistory;
    }
}
