using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;

namespace Enforcer.Ledger.Rules;

/// <summary>
/// Decides commands on one account. Pure: the same state, command and moment give the same answer and the same entries.
/// </summary>
/// <remarks>
/// A decision first ends what is due by time, up to a bound, and opens calendar windows that have begun, then looks for the operation
/// among those remembered, then asks the command's own rule, which checks everything before it records anything. Entries
/// are applied as they are made; the caller must make all of them durable together before it tells the outcome, and must
/// drop the state if it cannot (SPEC 5.2).
/// </remarks>
public sealed class AccountRules
{
    private readonly LedgerOptions _options;
    private readonly IWindowCalendar _calendar;

    /// <summary>Makes the rules.</summary>
    public AccountRules(LedgerOptions options, IWindowCalendar calendar)
    {
        _options = options;
        _calendar = calendar;
    }

    /// <summary>Decides a command and applies what it causes.</summary>
    /// <param name="state">The account; nobody else may use it meanwhile.</param>
    /// <param name="command">A well-formed command (<see cref="CommandForm"/>).</param>
    /// <param name="nowMs">The host's clock, Unix ms; account time never runs backwards whatever it says.</param>
    /// <param name="history">What was looked up after <see cref="Refusal.NeedsHistory"/>; else null.</param>
    /// <param name="entries">Gets the entries, to be made durable together; cleared first. A refused command may leave
    /// entries here too: what was due before it.</param>
    public Outcome Decide(AccountState state, in Command command, long nowMs, History? history, EntryBuffer entries)
    {
        entries.Clear();
        var ruling = new Ruling
        {
            State = state,
            Options = _options,
            Calendar = _calendar,
            Entries = entries,
            NowMs = Math.Max(state.LastAtMs, nowMs),
            History = history,
        };
        if (state.Status == AccountStatus.None) return OpeningRule.Decide(ruling, command);
        DueRule.Apply(ruling, command.ReservationId);
        if (command.Kind == CommandKind.Expire) return ruling.Refuse(Refusal.Granted);
        if (RepeatRule.TryAnswer(ruling, command, out var outcome)) return outcome;
        return command.Kind switch
        {
            CommandKind.Reserve => ReserveRule.Decide(ruling, command),
            CommandKind.Extend => ExtendRule.Decide(ruling, command),
            CommandKind.Commit => CommitRule.Decide(ruling, command),
            CommandKind.Release => ReleaseRule.Decide(ruling, command),
            CommandKind.Reverse => ReverseRule.Decide(ruling, command),
            CommandKind.Open => ruling.RefuseChange("the account exists already; use another id, or set its limits"),
            CommandKind.SetLimits or CommandKind.TopUp => LimitChangeRule.Decide(ruling, command),
            CommandKind.Suspend or CommandKind.Resume or CommandKind.Close => StatusRule.Decide(ruling, command),
            _ => ruling.Refuse(Refusal.Invalid),
        };
    }
}
