using Enforcer.Ledger;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Protocol.V1;
using Enforcer.Simulation.Kernel;
using AccountStatus = Enforcer.Ledger.Accounts.AccountStatus;
using Command = Enforcer.Ledger.Commands.Command;
using Outcome = Enforcer.Ledger.Outcome;
using Refusal = Enforcer.Ledger.Refusal;

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

    /// <summary>Balances that clients were shown.</summary>
    public long Readings { get; private set; }

    public IEnumerable<Call> Open => _open.Keys;

    public Call Ask(long account, in Command command, bool isRepeat = false)
    {
        asked.Add(account, command);
        var call = new Call(account, command, isRepeat ? 0 : journal.AccountOf(account).ToldSeq, world.Now);
        _open.Add(call, world.Now);
        return call;
    }

    /// <summary>Whoever asked has gone.</summary>
    public void Leave(Call call) => _open.Remove(call);

    /// <summary>The SDK sends something of its own that follows from what it was asked.</summary>
    public void Follow(long account, in Command command) => asked.Add(account, command);

    /// <summary>The SDK sends something that does not.</summary>
    public void Unasked(string client, long account, in Command command) =>
        world.Break("as asked", $"{client} asks account {account} for {command.Kind} {command.OperationId} of {command.ReservationId}, which nobody wants");

    /// <summary>An answer that says what became of the operation, as its caller gets it.</summary>
    public void Told(Call call, in Outcome outcome)
    {
        Answers++;
        if (outcome.IsGranted) Grants++;
        _open.Remove(call);
        Heard(call, outcome);
    }

    /// <summary>An answer has reached the client's machine, whether anybody still waits for it or not.</summary>
    public void Heard(Call call, in Outcome outcome)
    {
        var account = journal.AccountOf(call.Account);
        if (outcome.IsGranted) Granted(call, outcome, account);
        else Refused(call, outcome, account);
        account.ToldSeq = Math.Max(account.ToldSeq, outcome.Seq);
    }

    /// <summary>Somebody looks at an account.</summary>
    /// <returns>The latest state of it that anybody was told of.</returns>
    public long AskReading(long account) => journal.AccountOf(account).ToldSeq;

    /// <summary>A balance is shown: it must be the account's, at the entry that it names, and that one durable and no older than what had been told.</summary>
    public void ToldReading(long number, long toldBefore, AccountView view)
    {
        Readings++;
        var account = journal.AccountOf(number);
        if (view.Seq > account.Seq) BreakReading(number, "durable before told", $"it is of entry {view.Seq}, but the journal is at entry {account.Seq}");
        else if (view.Seq < toldBefore) BreakReading(number, "one order", $"it is of entry {view.Seq}, but entry {toldBefore} had been told before");
        else if (!account.PointAt(view.Seq).Shows(view)) BreakReading(number, "balances agree", $"{view} against {account.PointAt(view.Seq)}");
        account.ToldSeq = Math.Max(account.ToldSeq, view.Seq);
    }

    private void BreakReading(long account, string rule, string what) => world.Break(rule, $"account {account}, a balance: {what}");

    private void Granted(Call call, in Outcome outcome, AccountCheck account)
    {
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
