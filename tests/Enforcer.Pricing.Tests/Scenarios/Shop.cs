using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Defaults;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Quoting;
using Enforcer.Pricing.Rules;

namespace Enforcer.Pricing.Tests.Scenarios;

/// <summary>A seller in one line: the rates of one model and the rules on top. What it sells is told in domain words and asserted in dollars.</summary>
internal sealed class Shop
{
    public static readonly DateTimeOffset Opening = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Offer _offer;
    private CallTerms _terms = CallTerms.Standard;
    private RunningCounts _before = RunningCounts.None;

    private Shop(Offer offer) => _offer = offer;

    public Offer Offer => _offer;

    /// <summary>A model of the default card.</summary>
    public static Shop Selling(string model, params PriceRule[] rules) => Of(DefaultRateCard.Read(), model, rules);

    /// <summary>$2 and $10 per million, cached $0.50, and $10 per thousand searches: easy numbers.</summary>
    public static Shop WithEasyPrices(params PriceRule[] rules) => Of(EasyCard, "easy", rules);

    public static Shop Of(RateCard card, string model, params PriceRule[] rules) =>
        new(new Offer(VersionOf(card), card.Find(model)!, new PriceStack(new PricePlan("key", rules))));

    public static Shop Reselling(string model, PriceStack own, params PriceStack[] upstream)
    {
        var card = DefaultRateCard.Read();
        return new Shop(new Offer(VersionOf(card), card.Find(model)!, own, upstream));
    }

    public static RateCard EasyCard { get; } = new("upstream", "USD",
    [
        new ModelRates("easy.ai", "easy",
        [
            new ListedRate(UsageMeters.Input, 0.000_002m),
            new ListedRate(UsageMeters.InputCached, 0.000_000_5m),
            new ListedRate(UsageMeters.Output, 0.000_01m),
            new ListedRate(UsageMeters.WebSearch, 0.01m),
        ]),
    ]);

    public static PriceVersion VersionOf(RateCard card) => PriceBook.StartingWith(card, Opening).Versions[0];

    public Shop On(ServiceTier tier, string? region = null)
    {
        _terms = new CallTerms(tier, region);
        return this;
    }

    public Shop After(string counter, long count)
    {
        _before = RunningCounts.Of((counter, count));
        return this;
    }

    public Shop Sells(UsageMeter meter, long quantity, string price, string? cost = null) => Sells([(meter, quantity)], price, cost);

    public Shop Sells((UsageMeter Meter, long Quantity)[] usage, string price, string? cost = null)
    {
        var quote = _offer.Quote(Usage.Of(usage), _terms, _before);
        Assert.Empty(quote.Cost.Unpriced);
        Assert.Empty(quote.Price.Unpriced);
        Assert.Equal(Money.Nanos(price), quote.Price.TotalNanos);
        if (cost is not null) Assert.Equal(Money.Nanos(cost), quote.Cost.TotalNanos);
        return this;
    }

    public PriceBound Bound(UsageBound bound, CountRange? before = null) => _offer.Bound(bound, before ?? CountRange.Unknown);
}
