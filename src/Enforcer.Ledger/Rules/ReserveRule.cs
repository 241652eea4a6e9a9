using System.Runtime.CompilerServices;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Prices;

namespace Enforcer.Ledger.Rules;

/// <summary>
/// Reserve: all or nothing over every limit. The order of refusals is fixed: closed, suspended, overrun, the bound of open
/// reservations, spend caps, concurrency, requests, tokens. Money comes before what time alone cures. What an estimate adds is in
/// <see cref="EstimateRule"/>.
/// </summary>
public static class ReserveRule
{
    internal static Outcome Decide(in Ruling ruling, in Command command)
    {
        var state = ruling.State;
        var refusal = RefusalOfNew(state);
        if (refusal != Refusal.Granted) return ruling.Refuse(refusal);
        // Only an id that both Reserve and something else were called with can be open here: the repeat rule knows all others.
        if (!Unsafe.IsNullRef(in state.Reservations.Find(command.OperationId))) return ruling.Refuse(Refusal.OperationConflict);
        if (state.Reservations.Count >= ruling.Options.MaxOpenReservations) return ruling.Refuse(Refusal.TooManyReservations);

        var mask = SpendCheck.MaskFor(state.Counters, command.Model, command.Tag);
        var check = command.Call is CallEstimate estimate
            ? EstimateRule.Reserve(ruling, estimate, mask, out var grant)
            : ByAmount(ruling, command, mask, out grant);
        if (!check.IsGranted) return check;

        var ttl = command.TtlMs == 0 ? ruling.Options.DefaultTtlMs : command.TtlMs;
        var headroom = state.HeadroomNanos(mask);
        return ruling.Record(command, new Entry
        {
            Kind = EntryKind.Reserved,
            ReservationId = command.OperationId,
            HeldDeltaNanos = grant.AmountNanos,
            HeldAfterNanos = grant.AmountNanos,
            TokensDelta = grant.Tokens,
            TokensAfter = grant.Tokens,
            RequestsDelta = 1,
            ExpiresAtMs = ruling.NowMs + ttl,
            LimitMask = mask,
            HeadroomNanos = headroom == Outcome.NoCap ? headroom : headroom - grant.AmountNanos,
            Model = command.Model,
            Tag = command.Tag,
            Priced = grant.Priced,
        });
    }

    /// <summary>What refuses everything new, whatever its size.</summary>
    internal static Refusal RefusalOfNew(AccountState state) => state.Status switch
    {
        AccountStatus.Closed => Refusal.Closed,
        AccountStatus.Suspended => Refusal.Suspended,
        _ => state.IsOverrun ? Refusal.Overrun : Refusal.Granted,
    };

    /// <summary>Room for one more call: concurrency, then requests.</summary>
    internal static Outcome Slots(in Ruling ruling)
    {
        var state = ruling.State;
        if (state.Limits.Concurrency > 0 && state.Reservations.Count >= state.Limits.Concurrency) return RefuseConcurrency(ruling);
        return RateCheck.Request(ruling);
    }

    private static Outcome ByAmount(in Ruling ruling, in Command command, uint mask, out Grant grant)
    {
        grant = default;
        var state = ruling.State;
        if (!SpendCheck.FitsTotal(state, command.AmountNanos)) return SpendCheck.RefuseTotal(ruling, command.AmountNanos);
        var atLeast = command.AtLeastNanos == 0 ? command.AmountNanos : command.AtLeastNanos;
        var check = SpendCheck.Grant(ruling, mask, state.Seq + 1, atLeast, command.AmountNanos, out var amount);
        if (!check.IsGranted) return check;
        check = Slots(ruling);
        if (!check.IsGranted) return check;
        var atLeastTokens = command.AtLeastTokens == 0 ? command.Tokens : command.AtLeastTokens;
        check = RateCheck.Tokens(ruling, state.Seq + 1, atLeastTokens, command.Tokens, out var tokens);
        grant = new Grant(amount, tokens, null);
        return check;
    }

    private static Outcome RefuseConcurrency(in Ruling ruling) => new()
    {
        Refusal = Refusal.Concurrency,
        Seq = ruling.State.Seq,
        HeadroomNanos = Outcome.NoCap,
        Limit = "concurrency",
        ShortBy = ruling.State.Reservations.Count - ruling.State.Limits.Concurrency + 1,
        InFlight = ruling.State.Reservations.Count - ruling.State.Limits.Concurrency + 1,
        RetryAfterMs = Math.Max(1, ruling.State.Reservations.NextExpiryMs - ruling.NowMs),
    };
}
