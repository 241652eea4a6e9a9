using System.Numerics;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Quoting;
using Enforcer.Pricing.Rules;

namespace Enforcer.Pricing.Tests.Model;

/// <summary>
/// Prices computed a second time, straight from the texts of the rules, in fractions of unbounded numbers. It shares nothing with the
/// library but the rules' own fields: no tariffs, no multipliers, no lookup.
/// </summary>
internal sealed class SlowPricing(ModelRates model, Usage usage, CallTerms terms, RunningCounts before)
{
    public (BigInteger Cost, BigInteger Price, HashSet<UsageMeter> Unpriced) Both(IEnumerable<PriceStack> upstream, PriceStack own)
    {
        var paid = Listed(model);
        foreach (var rule in upstream.SelectMany(RulesOf)) paid = Priced(paid, rule);
        var (cost, price) = (paid, paid);
        foreach (var rule in RulesOf(own))
        {
            price = Priced(price, rule);
            cost = rule switch
            {
                BringYourOwnKey => [.. cost.Select(line => line.Times(Fraction.Whole(0)))],
                CreditUnits credits => InUnits(cost, credits),
                _ => cost,
            };
        }
        return (Sum(cost), Sum(price), [.. Unpriced(cost), .. Unpriced(price)]);
    }

    private IEnumerable<PriceRule> RulesOf(PriceStack stack) =>
        stack.Plans.SelectMany(plan => plan.Rules).Where(rule => rule.Models.Matches(model.Model));

    private List<SlowLine> Listed(ModelRates rates) => [.. usage
        .Select(item => (item.Meter, PerUnit: SlowRates.Of(rates, item.Meter, terms, usage.PromptTokens)))
        .Where(found => found.PerUnit is not null)
        .Select(found => new SlowLine(found.Meter, found.PerUnit!.Value))];

    private List<SlowLine> Priced(List<SlowLine> lines, PriceRule rule) => rule switch
    {
        Markup markup => Scaled(lines, markup.On, 100 + markup.Percent),
        Discount { Tier: { } tier } when tier != terms.Tier => lines,
        Discount discount => Scaled(lines, discount.On, 100 - discount.Percent),
        UnitMarkup markup => [.. lines, new SlowLine(markup.Meter, Fraction.Of(markup.UnitPrice))],
        RequestFee fee => [.. lines, new SlowLine(UsageMeters.Requests, Fraction.Of(fee.Fee))],
        OwnPriceList list => list.Card.Find(model.Model) is { } own ? Listed(own) : lines,
        CreditUnits credits => InUnits(lines, credits),
        PerOutcome outcome => [.. Scaled(lines, MeterGroup.Everything, 0), new SlowLine(UsageMeters.OutcomeResolved, Fraction.Of(outcome.Resolved))],
        BringYourOwnKey own => [.. Scaled(lines, MeterGroup.Everything, own.Percent), new SlowLine(UsageMeters.Requests, Fraction.Of(own.RequestFee))],
        Seat seat => [.. Counted(lines, new SlowCount(seat.Counter, seat.Meters, [(0, Fraction.Whole(0)), (seat.Included, Fraction.Whole(1))])), new SlowLine(UsageMeters.Seats, Fraction.Of(seat.SeatPrice))],
        VolumeTiers volume => Counted(lines, new SlowCount(volume.Counter, volume.Meters, [.. volume.Steps.Select(s => (s.From, Fraction.Of(100 - s.PercentOff) / Fraction.Whole(100)))])),
        _ => lines,
    };

    private static List<SlowLine> Scaled(List<SlowLine> lines, MeterGroup on, decimal percent) =>
        [.. lines.Select(line => on.Contains(line.Meter) ? line.Times(Fraction.Of(percent) / Fraction.Whole(100)) : line)];

    private static List<SlowLine> InUnits(List<SlowLine> lines, CreditUnits credits) =>
        [.. lines.Select(line => line.Times(Fraction.Whole(1) / Fraction.Of(credits.Worth)))];

    private static List<SlowLine> Counted(List<SlowLine> lines, SlowCount count) =>
        [.. lines.Select(line => count.Meters.Contains(line.Meter) ? line.With(count) : line)];

    private IEnumerable<UsageMeter> Unpriced(List<SlowLine> lines) => usage.Select(item => item.Meter).Except(lines.Select(line => line.Meter));

    private BigInteger Sum(List<SlowLine> lines) => lines.Aggregate(BigInteger.Zero, (sum, line) => sum + Amount(line));

    /// <summary>Cut wherever a step begins, each piece rounded up by itself.</summary>
    private BigInteger Amount(SlowLine line)
    {
        var quantity = usage[line.Meter];
        var cuts = new SortedSet<long> { 0, quantity };
        foreach (var count in line.Counts)
        {
            foreach (var (from, _) in count.Steps)
            {
                var cut = from - PlaceOf(count, line.Meter);
                if (cut > 0 && cut < quantity) cuts.Add(cut);
            }
        }
        return cuts.Zip(cuts.Skip(1)).Aggregate(BigInteger.Zero, (sum, piece) => sum + line.Counts
            .Aggregate(line.PerUnit, (price, count) => price * count.FactorAt(PlaceOf(count, line.Meter) + piece.First))
            .OfUnits(piece.Second - piece.First).CeilingNanos());
    }

    private long PlaceOf(SlowCount count, UsageMeter meter) => before[count.Counter]
        + usage.TakeWhile(item => item.Meter != meter).Where(item => count.Meters.Contains(item.Meter)).Sum(item => item.Quantity);
}
