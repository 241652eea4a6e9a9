using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Prices;
using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Quoting;

namespace Enforcer.Ledger.Rules;

/// <summary>
/// From the most that a call can use to what is held for it: the most that it can cost the customer. Priced here, in the decision, because
/// running counts and headroom are the account's own, and nobody else can know them at this moment.
/// </summary>
internal static class EstimateRule
{
    /// <summary>As much output as every limit has room for. Order of refusals: no prices, spend caps, slots, tokens, no price of a meter, margin floor.</summary>
    public static Outcome Reserve(in Ruling ruling, CallEstimate estimate, uint mask, out Grant grant)
    {
        grant = default;
        if (estimate.Offer is not { } offer)
            return estimate.Problem is null ? ruling.Refuse(Refusal.NeedsOffer) : ruling.Refuse(Refusal.Unpriced) with { Limit = estimate.Problem, Near = estimate.Near };
        var bound = estimate.Bound;
        var (state, seq, period) = (ruling.State, ruling.State.Seq + 1, Period.Of(ruling.NowMs));
        var range = PeriodCounts.RangeOf(PeriodCounts.MarksOf(state.Counts, offer.Counters, bound, period));
        var atLeast = estimate.AtLeastOutputTokens == 0 ? bound.MostOutputTokens : estimate.AtLeastOutputTokens;
        var fit = offer.FitOutput(bound, range, RoomFor(ruling, mask, seq), bound.MostOutputTokens);
        if (fit.MaxTokens is not { } output || output < atLeast) return RefuseRoom(ruling, mask, seq, MostNanos(offer, bound.WithOutput(atLeast), range));

        var check = ReserveRule.Slots(ruling);
        if (!check.IsGranted) return check;
        var besides = bound.MostTokens - bound.MostOutputTokens;
        check = RateCheck.Tokens(ruling, seq, besides + atLeast, besides + output, out var tokens);
        if (!check.IsGranted) return check;
        var granted = bound.WithOutput(tokens - besides);
        return Hold(ruling, offer, granted, PeriodCounts.MarksOf(state.Counts, offer.Counters, granted, period), period, out grant);
    }

    /// <summary>The same bound with more in it; what is held already counts.</summary>
    public static Outcome Extend(in Ruling ruling, CallMore more, in Reservations.Reservation reservation, out Grant grant)
    {
        grant = default;
        if (reservation.Priced is not { Bound: { } bound } held) return UsageRule.RefuseByAmount(ruling);
        if (more.Offers.Find(held) is not { } offer) return ruling.Refuse(Refusal.NeedsOffer);
        if (!TryAdd(bound, more, out var wanted, out var problem)) return ruling.Refuse(Refusal.Invalid) with { Limit = problem };
        var marks = held.Marks.ToArray();
        for (var i = 0; i < marks.Length; i++) marks[i] = marks[i] with { Units = wanted.Reach(offer.Counters[i].Meters) };
        var check = Hold(ruling, offer, wanted, marks, held.Period, out grant);
        if (!check.IsGranted) return check;
        var amount = Math.Max(0, grant.AmountNanos - held.PricedNanos - reservation.HeldNanos);
        var priced = grant.Priced!.After(held.Usage, held.CostNanos, held.PricedNanos);
        grant = new Grant(amount, wanted.MostTokens - bound.MostTokens, priced);
        return amount <= LedgerBounds.MaxAmountNanos ? default : SpendCheck.RefuseTotal(ruling, amount);
    }

    private static Outcome Hold(
        in Ruling ruling, Offer offer, UsageBound bound, CountMark[] marks, int period, out Grant grant)
    {
        grant = default;
        if (TryBound(offer, bound, PeriodCounts.RangeOf(marks)) is not { } price) return SpendCheck.RefuseTotal(ruling, LedgerBounds.MaxAmountNanos);
        if (!price.IsComplete)
            return ruling.Refuse(Refusal.Unpriced) with { Limit = $"{offer.Model.Model}: {string.Join(", ", price.Unpriced)}" };
        if (price.Floor is { IsBelow: true } floor) return RefuseFloor(ruling, floor);
        grant = new Grant(price.PriceNanos, bound.MostTokens, new PricedCall
        {
            Pin = offer.Pin,
            Provider = offer.Model.Provider,
            Model = offer.Model.Model,
            Bound = bound,
            AmountCostNanos = price.CostNanos,
            Marks = marks,
            Period = marks.Length == 0 ? 0 : period,
        });
        return default;
    }

    private static Outcome RefuseFloor(in Ruling ruling, FloorCheck floor) => ruling.Refuse(Refusal.BelowMarginFloor) with
    {
        Limit = $"margin floor {floor.Percent.ToString(System.Globalization.CultureInfo.InvariantCulture)} %",
        ShortBy = Math.Max(0, floor.CostNanos - floor.PriceNanos),
    };

    /// <summary>How much one command may hold here: no cap, no sum and no message has more room.</summary>
    private static long RoomFor(in Ruling ruling, uint mask, long seq)
    {
        var total = LedgerBounds.MaxTotalNanos - ruling.State.CommittedNanos - ruling.State.HeldNanos;
        SpendCheck.Grant(ruling, mask, seq, long.MinValue, Math.Min(LedgerBounds.MaxAmountNanos, total), out var room);
        return room;
    }

    private static Outcome RefuseRoom(in Ruling ruling, uint mask, long seq, long needed)
    {
        if (needed > LedgerBounds.MaxAmountNanos || !SpendCheck.FitsTotal(ruling.State, needed))
            return SpendCheck.RefuseTotal(ruling, Math.Min(needed, LedgerBounds.MaxAmountNanos));
        return SpendCheck.Grant(ruling, mask, seq, needed, needed, out _);
    }

    private static long MostNanos(Offer offer, UsageBound bound, CountRange range) => TryBound(offer, bound, range)?.PriceNanos ?? long.MaxValue;

    /// <summary>Null if an amount is beyond what can be counted: nothing has room for it.</summary>
    private static PriceBound? TryBound(Offer offer, UsageBound bound, CountRange range)
    {
        try
        {
            return offer.Bound(bound, range);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static bool TryAdd(UsageBound bound, CallMore more, out UsageBound sum, out string? problem)
    {
        try
        {
            sum = bound.Plus(more.Pools);
            problem = sum.MostTokens <= LedgerBounds.MaxTokens ? null : $"more: {sum.MostTokens} tokens together; at most {LedgerBounds.MaxTokens} are counted";
            return problem is null;
        }
        catch (ArgumentException e)
        {
            (sum, problem) = (bound, e.Message);
            return false;
        }
    }
}
