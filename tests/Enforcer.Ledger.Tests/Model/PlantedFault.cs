using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Rules;
using Enforcer.Ledger.Tests.Scenarios;

namespace Enforcer.Ledger.Tests.Model;

/// <summary>Wrong versions of the rules, each with one fault that such code has had somewhere: what finds no fault proves nothing.</summary>
internal static class PlantedFault
{
    private static readonly AccountRules Right = new(Story.Options, Account.Calendar);

    public static Dictionary<string, Decider> All { get; } = new()
    {
        ["expiry frees what may have been spent"] = Alter(c => WithLimits(c, l => new LimitSet(l.Spend, l.Requests, l.Tokens, l.Concurrency, ExpiryPolicy.Release))),
        ["one limit is not looked at"] = Alter(c => WithLimits(c, l => new LimitSet(l.Spend.Take(1), l.Requests, l.Tokens, l.Concurrency, l.OnExpiry))),
        ["a cap is one nano too high"] = Alter(c => WithLimits(c, l => With(l, s => s with { CapNanos = s.CapNanos + 1 }))),
        ["a scope is ignored"] = Alter(c => c.Kind == CommandKind.Reserve ? c with { Model = null } : c),
        ["a commit is clamped to the hold"] = ClampCommit,
        ["a late commit is charged on top"] = ChargeLateTwice,
        ["a late commit is dropped"] = DropLate,
        ["a partial commit ends the reservation"] = Alter(c => c.Kind == CommandKind.Commit ? c with { Final = true } : c),
        ["the rest of a final commit stays held"] = Alter(c => c.Kind == CommandKind.Commit ? c with { Final = false } : c),
        ["tokens are not settled"] = Alter(c => c.Kind == CommandKind.Commit ? c with { Tokens = 0 } : c),
        ["a release keeps the request slot"] = Alter(c => c.Kind == CommandKind.Release ? c with { Kind = CommandKind.Commit, Final = true } : c),
        ["at least is taken for the amount"] = Alter(c => c.AtLeastNanos > 0 ? c with { AmountNanos = c.AtLeastNanos } : c),
        ["an extend asks for nothing"] = Alter(c => c.Kind == CommandKind.Extend ? c with { AmountNanos = 0, TtlMs = Math.Max(1, c.TtlMs) } : c),
        ["a forgotten operation runs again"] = ForgetOperations,
        ["a refusal consumes a request"] = RefusalConsumes,
        ["the clock runs backwards"] = BelieveTheClock(-5_000),
        ["the clock is fast"] = BelieveTheClock(5_000),
        ["windows begin an hour late"] = new AccountRules(Story.Options, new ShiftedCalendar(3_600_000)).Decide,
        ["named zones are taken for UTC"] = Alter(c => WithLimits(c, l => With(l, s => new SpendLimit(s.Window, s.CapNanos, s.ModelPattern, s.Tag)))),
        ["a bound of open reservations is not kept"] = new AccountRules(Story.Options with { MaxOpenReservations = 6 }, Account.Calendar).Decide,
        ["reservations live a little too long"] = new AccountRules(Story.Options with { DefaultTtlMs = 60_001 }, Account.Calendar).Decide,
        ["a suspension is not kept"] = Alter(c => c.Kind == CommandKind.Suspend ? c with { Kind = CommandKind.Resume } : c),
        ["a reversal gives back all"] = Alter(c => c.Kind == CommandKind.Reverse ? c with { AmountNanos = 0 } : c),
        ["a top-up is counted twice"] = Alter(c => c.Kind == CommandKind.TopUp ? c with { AmountNanos = c.AmountNanos * 2 } : c),
    };

    private static Decider Alter(Func<Command, Command> alter) =>
        (AccountState state, in Command command, long nowMs, History? history, EntryBuffer entries) =>
            Right.Decide(state, alter(command), nowMs, history, entries);

    private static Decider BelieveTheClock(long offMs) =>
        (AccountState state, in Command command, long nowMs, History? history, EntryBuffer entries) =>
            Right.Decide(state, command, nowMs + offMs, history, entries);

    private static Command WithLimits(Command command, Func<LimitSet, LimitSet> change) =>
        command.Limits is null ? command : command with { Limits = change(command.Limits) };

    private static LimitSet With(LimitSet limits, Func<SpendLimit, SpendLimit> change) =>
        new(limits.Spend.Select(change), limits.Requests, limits.Tokens, limits.Concurrency, limits.OnExpiry);

    private static Outcome ClampCommit(AccountState state, in Command command, long nowMs, History? history, EntryBuffer entries)
    {
        var id = command.ReservationId;
        var held = state.Reservations.ToSortedArray().FirstOrDefault(r => r.Id == id).HeldNanos;
        var clamped = command.Kind == CommandKind.Commit && held > 0 ? command with { AmountNanos = Math.Min(held, command.AmountNanos) } : command;
        return Right.Decide(state, clamped, nowMs, history, entries);
    }

    private static Outcome ChargeLateTwice(AccountState state, in Command command, long nowMs, History? history, EntryBuffer entries) =>
        Right.Decide(state, IsLate(command, history) ? command with { AmountNanos = command.AmountNanos * 2 } : command, nowMs, history, entries);

    private static Outcome DropLate(AccountState state, in Command command, long nowMs, History? history, EntryBuffer entries) =>
        Right.Decide(state, IsLate(command, history) ? command with { AmountNanos = 0, Final = false } : command, nowMs, history, entries);

    private static bool IsLate(in Command command, History? history) =>
        command.Kind == CommandKind.Commit && history?.Reservation?.End == EntryKind.Expired;

    private static Outcome ForgetOperations(AccountState state, in Command command, long nowMs, History? history, EntryBuffer entries) =>
        Right.Decide(state, command, nowMs, new History(null, history?.Reservation), entries);

    private static Outcome RefusalConsumes(AccountState state, in Command command, long nowMs, History? history, EntryBuffer entries)
    {
        var outcome = Right.Decide(state, command, nowMs, history, entries);
        if (outcome.Refusal != Refusal.TokenRate || state.Limits.Requests is null) return outcome;
        var taken = command with { Tokens = 0, AmountNanos = 1, OperationId = OperationId.NewV7(nowMs, 99, command.OperationId.Low) };
        Right.Decide(state, taken, nowMs, History.NewOperation, entries);
        return outcome;
    }

    private sealed class ShiftedCalendar(long byMs) : IWindowCalendar
    {
        public bool Knows(string zone) => Account.Calendar.Knows(zone);

        public (long StartMs, long EndMs) Containing(SpendWindow window, string? zone, long atMs)
        {
            var (start, end) = Account.Calendar.Containing(window, zone, atMs - byMs);
            return (start + byMs, end + byMs);
        }
    }
}
