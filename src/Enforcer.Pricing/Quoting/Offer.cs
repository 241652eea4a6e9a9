using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Rules;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Quoting;

/// <summary>
/// One model as one seller sells it to one key: cost and price worked out from a version of a rate card and the rules that count. Immutable
/// and pure: the same offer prices the same usage alike for ever, which is what a pinned entry relies on. Making one takes microseconds and
/// is worth keeping; pricing by it takes none of its own memory.
/// </summary>
public sealed class Offer
{
    private readonly Dictionary<CallTerms, Terms> _terms = [];
    private readonly PriceStack[] _upstream;
    private string? _pin;

    /// <summary>An offer.</summary>
    /// <param name="version">The version of the upstream's prices that is pinned.</param>
    /// <param name="model">The model, of that version's card.</param>
    /// <param name="own">The seller's rules for the key.</param>
    /// <param name="upstream">The rules of the resellers between the upstream and this seller, the first one next to the upstream: the price of each is the cost of the next.</param>
    /// <exception cref="RateCardException">The rules contradict each other.</exception>
    public Offer(PriceVersion version, ModelRates model, PriceStack own, params IEnumerable<PriceStack> upstream)
    {
        (Version, Model, Own, _upstream) = (version, model, own, [.. upstream]);
        foreach (var tier in Enum.GetValues<ServiceTier>())
        {
            WorkOut(new CallTerms(tier));
            foreach (var region in model.RegionMultipliers.Keys) WorkOut(new CallTerms(tier, region));
        }
        Unit = On(CallTerms.Standard).Price.Unit;
        var context = new RuleContext(model, CallTerms.Standard);
        FloorPercent = own.FloorPercent(context);
        Counters = [.. _upstream.Append(own).SelectMany(stack => stack.Counters(context)).Distinct()];
    }

    /// <summary>The version of the upstream's prices.</summary>
    public PriceVersion Version { get; }

    /// <summary>The model.</summary>
    public ModelRates Model { get; }

    /// <summary>The seller's rules.</summary>
    public PriceStack Own { get; }

    /// <summary>The account's unit: both amounts are in it.</summary>
    public string Unit { get; }

    /// <summary>The running counts that its prices depend on; empty for most offers.</summary>
    public IReadOnlyList<RunningCounter> Counters { get; }

    /// <summary>What an entry stores to be explained later: the version of the prices and the rules, each by content.</summary>
    public string Pin => _pin ??= $"{Version.Pin}/{string.Join('/', _upstream.Append(Own).Select(stack => stack.ContentId))}";

    /// <summary>The share of the price in percent that must be margin; null if nobody asks.</summary>
    public decimal? FloorPercent { get; }

    /// <summary>Both amounts, line by line.</summary>
    /// <exception cref="OverflowException">An amount is above 2^63 − 1 nanos.</exception>
    public Quote Quote(Usage usage, CallTerms terms, RunningCounts before)
    {
        var on = On(terms);
        return new Quote(BillOf(on.Cost, usage, before), BillOf(on.Price, usage, before));
    }

    /// <summary>Both amounts alone: the same sums, without the lines.</summary>
    /// <exception cref="OverflowException">An amount is above 2^63 − 1 nanos.</exception>
    public QuotedAmounts Amounts(Usage usage, CallTerms terms, RunningCounts before)
    {
        var on = On(terms);
        SumSink cost = default, price = default;
        LineMaker.Make(on.Cost, usage, before, ref cost);
        LineMaker.Make(on.Price, usage, before, ref price);
        return new QuotedAmounts(cost.TotalNanos, price.TotalNanos, cost.HasUnpriced || price.HasUnpriced);
    }

    /// <summary>The most that any usage within a bound can come to. See <see cref="PriceBound"/>.</summary>
    public PriceBound Bound(UsageBound bound, CountRange before) => PriceBounds.Of(this, bound, before);

    /// <summary>The most output tokens whose bound is within a headroom. See <see cref="OutputFit"/>.</summary>
    public OutputFit FitOutput(UsageBound bound, CountRange before, long headroomNanos, long atMost) =>
        OutputFits.Find(this, bound, before, headroomNanos, atMost);

    /// <summary>What the seller pays.</summary>
    public Tariff CostTariff(CallTerms terms) => On(terms).Cost;

    /// <summary>What the customer pays.</summary>
    public Tariff PriceTariff(CallTerms terms) => On(terms).Price;

    /// <summary>A region that the card does not name costs what no region costs.</summary>
    private Terms On(CallTerms terms) => _terms.TryGetValue(terms, out var found) ? found : _terms[new CallTerms(terms.Tier)];

    /// <summary>All terms beforehand: rules that contradict each other show when an offer is made, not when a call is to be booked.</summary>
    private void WorkOut(CallTerms terms)
    {
        var context = new RuleContext(Model, terms);
        var paid = Tariff.Of(Model, terms, Version.Card.Unit);
        foreach (var link in _upstream) paid = link.Price(paid, context);
        _terms.Add(terms, new Terms(Own.Cost(paid, context).Checked(), Own.Price(paid, context).Checked()));
    }

    private static Bill BillOf(Tariff tariff, Usage usage, RunningCounts before)
    {
        var sink = new BillSink();
        LineMaker.Make(tariff, usage, before, ref sink);
        return sink.ToBill(tariff.Unit);
    }

    private sealed record Terms(Tariff Cost, Tariff Price);
}
