using Enforcer.Ledger;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Simulation.Kernel;

namespace Enforcer.Simulation.Checking;

/// <summary>
/// Holds every answer, when a client gets it, against the journal: what was granted is there, durable, with the same numbers; what was refused is explained
/// by the account as it was at the entry that the answer names; and nothing that is asked later is answered from a state before what was told earlier.
/// So one order, the journal's, explains all answers.
/// </summary>
internal sealed class AnswerCheck(World world, JournalCheck journal, Operations asked)
{
    private readonly Dictionary<Call, long> _open = [];

    public long Answers { get; private set; }

    public long Grants { get; private set; }

    public IEnumerable<Call> Open => _open.Keys;

    public Call Ask(long account, in Command command, bool isRepeat = false)
    {
        asked.Add(account, command);
        var call = new Call(account, command, isRepeat ? 0 : journal.AccountOf(account).ToldSeq, world.Now);
        _open.Add(call, world.Now);
        return call;
    }

    /// <summary>An answer that says what became of the operation.</summary>
    public void Told(Call call, in Outcome outcome)
    {
        Answers++;
        call.IsAnswered = true;
        _open.Remove(call);
        var account = journal.AccountOf(call.Account);
        if (outcome.IsGranted) Granted(call, outcome, account);
        else Refused(call, outcome, account);
        account.ToldSeq = Math.Max(account.ToldSeq, outcome.Seq);
    }

    private void Granted(Call call, in Outcome outcome, AccountCheck account)
    {
        Grants++;
        if (account.EffectOf(call.Command.OperationId) is not { } effect)
        {
            Break(call, "durable before told", $"granted at entry {outcome.Seq}, but the journal, at entry {account.Seq}, knows nothing of it");
            return;
        }
        if (effect.BodyHash != call.Command.BodyHash()) Break(call, "once", "granted, but another body has taken effect under the id");
        if (Outcome.From(effect) != outcome) Break(call, "answers agree", $"told {outcome}, but the journal says {Outcome.From(effect)}");
        if (effect.Seq <= call.ToldBefore) Break(call, "one order", $"its entry {effect.Seq} is older than entry {call.ToldBefore}, which was told before it was asked for");
    }

    private void Refused(Call call, in Outcome outcome, AccountCheck account)
    {
        if (outcome.Seq > account.Seq) Break(call, "durable before told", $"refused ({outcome.Refusal}) at entry {outcome.Seq}, but the journal is at entry {account.Seq}");
        else if (outcome.Seq < call.ToldBefore) Break(call, "one order", $"refused ({outcome.Refusal}) at entry {outcome.Seq}, but entry {call.ToldBefore} had been told before");
        else if (account.EffectOf(call.Command.OperationId) is { } effect && effect.Seq <= outcome.Seq && outcome.Refusal is not (Refusal.OperationConflict or Refusal.ExpiredOperation))
            Break(call, "once", $"refused ({outcome.Refusal}) at entry {outcome.Seq}, but entry {effect.Seq} is its effect");
        else if (!IsExplained(call.Command, outcome, account)) Break(call, "refusals are explained", $"{outcome} against {account.PointAt(outcome.Seq)}");
    }

    private static bool IsExplained(in Command command, in Outcome outcome, AccountCheck account)
    {
        var point = account.PointAt(outcome.Seq);
        var atLeast = command.Kind == CommandKind.Reserve && command.AtLeastNanos > 0 ? command.AtLeastNanos : command.AmountNanos;
        var reserved = account.ReservedBy(command.ReservationId);
        var end = account.EndOf(command.ReservationId);
        return outcome.Refusal switch
        {
            Refusal.ExceedsSpendCap or Refusal.ExceedsSpendCapInFlight => point.HeadroomNanos == outcome.HeadroomNanos && point.HeadroomNanos < atLeast,
            Refusal.RequestRate => point.Requests < 1,
            Refusal.TokenRate => point.Tokens < command.Tokens,
            Refusal.Concurrency => point.Concurrency > 0 && point.Open >= point.Concurrency,
            Refusal.Suspended => point.Status == AccountStatus.Suspended,
            Refusal.Closed => point.Status == AccountStatus.Closed,
            Refusal.Overrun => point.IsOverrun,
            Refusal.UnknownAccount => outcome.Seq == 0,
            Refusal.UnknownReservation => !(reserved?.Seq <= outcome.Seq),
            Refusal.ReservationFinished => end?.Seq <= outcome.Seq,
            Refusal.OperationConflict => account.EffectOf(command.OperationId) is { } other && other.Seq <= outcome.Seq && other.BodyHash != command.BodyHash(),
            Refusal.ExceedsCommitted or Refusal.InvalidChange => command.Kind >= CommandKind.Open,
            Refusal.FutureOperation => true,
            _ => false,
        };
    }

    private void Break(Call call, string rule, string what) =>
        world.Break(rule, $"account {call.Account}, {call.Command.Kind} {call.Command.OperationId}, asked {call.Attempts} times: {what}");
}
