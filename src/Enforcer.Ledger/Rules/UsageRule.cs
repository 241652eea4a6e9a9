using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Prices;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Quoting;

namespace Enforcer.Ledger.Rules;

/// <summary>
/// From what a call used to what its commit books. All usage of a reservation is priced together, by the prices that it is pinned to, and what
/// earlier commits have booked is taken off: so a prompt that grew into a dearer tier is priced in it as a whole.
/// </summary>
internal static class UsageRule
{
    /// <summary>What the command reports; a refusal leaves the hold as it is.</summary>
    /// <param name="ruling">What is decided.</param>
    /// <param name="command">The commit.</param>
    /// <param name="held">What is known of the reservation's prices, earlier commits included; null if it was made by an amount.</param>
    /// <param name="settlement">What is reported.</param>
    public static Outcome Settle(in Ruling ruling, in Command command, PricedCall? held, out Settlement settlement)
    {
        settlement = default;
        if (command.Call is not CallReport report)
        {
            settlement = new Settlement(command.AmountNanos, command.Tokens, held is null ? null : ByAmount(held, command));
            return default;
        }
        if (held?.Bound is null) return RefuseByAmount(ruling);
        if (report.Offers.Find(held) is not { } offer) return ruling.Refuse(Refusal.NeedsOffer);
        var usage = WithRequest(report.Usage, held.Usage);
        var terms = report.Terms ?? held.Bound.Terms[0];
        try
        {
            var all = held.Usage?.Plus(usage) ?? usage;
            var counts = PeriodCounts.At(ruling.State.Counts, held, offer.Counters);
            var amounts = offer.Amounts(all, terms, counts);
            if (amounts.HasUnpriced) return RefuseUnpriced(ruling, offer.Quote(all, terms, counts));
            settlement = new Settlement(
                Math.Max(0, amounts.PriceNanos - held.PricedNanos),
                usage.Tokens,
                Reported(held, report, MarksOf(held, offer, usage, counts), usage, terms, Math.Max(0, amounts.CostNanos - held.CostNanos)));
            return default;
        }
        catch (Exception e) when (e is OverflowException or ArgumentException)
        {
            // More than can be counted: nobody has used it.
            return SpendCheck.RefuseTotal(ruling, LedgerBounds.MaxAmountNanos);
        }
    }

    /// <summary>What was estimated is never charged more than is held for it (SPEC 8): a bound that is none is a bug, and stops the account.</summary>
    public static void RequireHeld(in Reservations.Reservation reservation, in Settlement settlement)
    {
        if (settlement.Priced?.Usage is not { } usage || reservation.Priced is not { Bound: { } bound } held) return;
        if (settlement.AmountNanos <= reservation.HeldNanos || reservation.CommittedNanos != held.PricedNanos) return;
        if (!bound.Terms.Contains(settlement.Priced.Terms) || !bound.Contains(held.Usage?.Plus(usage) ?? usage)) return;
        throw new LedgerException(
            $"Reservation {reservation.Id} holds {reservation.HeldNanos} nanos for at most {string.Join(", ", bound.Pools)}, but {usage} comes to {settlement.AmountNanos}.");
    }

    public static Outcome RefuseByAmount(in Ruling ruling) => ruling.Refuse(Refusal.Unpriced) with
    {
        Limit = "the reservation was made with an amount, so its usage has no price",
    };

    private static Outcome RefuseUnpriced(in Ruling ruling, Quote quote) => ruling.Refuse(Refusal.Unpriced) with
    {
        Limit = string.Join(", ", quote.Cost.Unpriced.Concat(quote.Price.Unpriced).Select(item => item.Meter.Name).Distinct()),
    };

    /// <summary>Who reports something and counts no requests has made one.</summary>
    private static Usage WithRequest(Usage usage, Usage? before) =>
        usage.Count == 0 || usage[UsageMeters.Requests] > 0 || before?[UsageMeters.Requests] > 0 ? usage : usage.Plus(OneRequest);

    private static readonly Usage OneRequest = Usage.Of((UsageMeters.Requests, 1));

    /// <summary>Nobody says what was used: the cost is at most what was expected, and nothing if the customer pays nothing.</summary>
    private static PricedCall ByAmount(PricedCall held, in Command command)
    {
        var cost = command.Final && command.AmountNanos > 0 ? Math.Max(0, held.AmountCostNanos - held.CostNanos) : 0;
        return Bare(held, cost, cost);
    }

    /// <summary>What an entry says that books cost without a report of usage.</summary>
    public static PricedCall Bare(PricedCall held, long costNanos, long reportedCostNanos) => new()
    {
        Pin = held.Pin,
        Provider = held.Provider,
        Model = held.Model,
        CostNanos = costNanos,
        AmountCostNanos = reportedCostNanos,
        IsEstimated = costNanos != 0,
    };

    /// <summary>By which counts it was priced, so that anybody can price it again, and how far it moves them.</summary>
    private static CountMark[] MarksOf(PricedCall held, Offer offer, Usage usage, RunningCounts counts)
    {
        var marks = held.Marks.ToArray();
        for (var i = 0; i < marks.Length; i++)
        {
            var place = counts[marks[i].Counter];
            marks[i] = new CountMark(marks[i].Counter, place, place, usage.Of(offer.Counters[i].Meters));
        }
        return marks;
    }

    private static PricedCall Reported(PricedCall held, CallReport report, CountMark[] marks, Usage usage, CallTerms terms, long costNanos) => new()
    {
        Pin = held.Pin,
        Provider = held.Provider,
        Model = held.Model,
        Usage = usage,
        Terms = terms,
        CostNanos = costNanos,
        AmountCostNanos = costNanos,
        IsEstimated = report.IsEstimated,
        Marks = marks,
        Period = held.Period,
        ServedModel = report.ServedModel,
        RequestId = report.RequestId,
        LatencyMs = report.LatencyMs,
    };
}
