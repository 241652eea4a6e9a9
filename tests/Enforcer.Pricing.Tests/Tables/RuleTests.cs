using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Rules;
using Enforcer.Pricing.Tests.Scenarios;

namespace Enforcer.Pricing.Tests.Tables;

/// <summary>One table for each price rule. The easy card asks $2 for a million in, $0.50 cached, $10 out and $0.01 a search.</summary>
public sealed class RuleTests
{
    private const long Million = 1_000_000;

    private static readonly RateCard OwnList = new("us", "USD",
        [new ModelRates("us", "easy", [new ListedRate(UsageMeters.Input, 0.000_003m), new ListedRate(UsageMeters.Output, 0.000_02m)])]);

    [Fact]
    public void Without_rules_it_sells_at_cost() => Shop.WithEasyPrices().Sells([(UsageMeters.Input, Million), (UsageMeters.Output, Million)], "$12", cost: "$12");

    [Theory]
    [InlineData("0", "$2")]
    [InlineData("5", "$2.10")]
    [InlineData("12.5", "$2.25")]
    [InlineData("100", "$4")]
    public void Markup_in_percent(string percent, string price) => Shop.WithEasyPrices(new Markup(Decimal(percent))).Sells(UsageMeters.Input, Million, price, cost: "$2");

    [Fact]
    public void Markup_on_some_meters() => Shop.WithEasyPrices(new Markup(50) { On = MeterGroup.Completion })
        .Sells([(UsageMeters.Input, Million), (UsageMeters.Output, Million)], "$17", cost: "$12");

    [Fact]
    public void Markup_per_unit_is_a_line_of_its_own() => Shop.WithEasyPrices(new UnitMarkup(UsageMeters.WebSearch, 0.005m))
        .Sells(UsageMeters.WebSearch, 3, "$0.045", cost: "$0.03");

    [Fact]
    public void A_markup_for_some_models() => Shop.WithEasyPrices(new Markup(50) { Models = new ModelPattern("ea*") }, new Markup(900) { Models = new ModelPattern("gpt-*") })
        .Sells(UsageMeters.Input, Million, "$3");

    [Fact]
    public void An_own_price_list_counts_instead() => Shop.WithEasyPrices(new Markup(900), new OwnPriceList(OwnList))
        .Sells([(UsageMeters.Input, Million), (UsageMeters.Output, Million)], "$23", cost: "$12");

    [Fact]
    public void What_an_own_price_list_does_not_name_falls_back_within_it() => Shop.WithEasyPrices(new OwnPriceList(OwnList))
        .Sells(UsageMeters.InputCached, Million, "$3", cost: "$0.50");

    [Fact]
    public void A_discount_on_cached_input() => Shop.WithEasyPrices(new Markup(100), new Discount(50) { On = MeterGroup.Cached })
        .Sells([(UsageMeters.Input, Million), (UsageMeters.InputCached, Million)], "$4.50", cost: "$2.50");

    [Fact]
    public void A_discount_on_batch() => Shop.WithEasyPrices(new Discount(30) { Tier = ServiceTier.Batch })
        .Sells(UsageMeters.Output, Million, "$10").On(ServiceTier.Batch).Sells(UsageMeters.Output, Million, "$7", cost: "$10");

    [Fact]
    public void Credits_tell_both_amounts_in_the_accounts_unit()
    {
        var shop = Shop.WithEasyPrices(new Markup(50), new CreditUnits("ACU", 0.03m)).Sells(UsageMeters.Input, Million, "$100", cost: "$66.666666667");
        Assert.Equal("ACU", shop.Offer.Unit);
    }

    [Fact]
    public void A_flat_fee_for_each_request() => Shop.WithEasyPrices(new RequestFee(0.001m))
        .Sells([(UsageMeters.Input, Million), (UsageMeters.Requests, 1)], "$2.001", cost: "$2");

    [Theory]
    [InlineData(0, Million, "$0")]
    [InlineData(0, 2 * Million, "$0")]
    [InlineData(0, 3 * Million, "$2")]
    [InlineData(1_500_000, Million, "$1")]
    [InlineData(2_000_000, Million, "$2")]
    [InlineData(9_000_000, Million, "$2")]
    public void A_seat_includes_usage_and_charges_what_goes_beyond(long before, long input, string price) =>
        Shop.WithEasyPrices(TwoMillionIncluded).After("seat", before).Sells(UsageMeters.Input, input, price);

    [Fact]
    public void A_seat_costs_something_itself() => Shop.WithEasyPrices(TwoMillionIncluded).Sells(UsageMeters.Seats, 3, "$60", cost: "$0");

    [Fact]
    public void Included_units_are_taken_in_the_order_of_the_meters() => Shop.WithEasyPrices(TwoMillionIncluded).After("seat", Million)
        .Sells([(UsageMeters.Input, Million), (UsageMeters.InputCached, Million)], "$0.50");

    [Theory]
    [InlineData(0, 1, "$0.99", "$0.00001")]
    [InlineData(1, 0, "$0", "$0.00001")]
    public void Per_outcome_a_failure_costs_the_customer_nothing_and_us_what_it_cost(int failed, int resolved, string price, string cost) =>
        Shop.WithEasyPrices(new PerOutcome(0.99m))
            .Sells([(UsageMeters.Output, 1), (UsageMeters.OutcomeFailed, failed), (UsageMeters.OutcomeResolved, resolved)], price, cost);

    [Fact]
    public void With_a_key_of_their_own_customers_pay_a_platform_fee_and_we_pay_nothing() => Shop.WithEasyPrices(new BringYourOwnKey(5, 0.002m))
        .Sells([(UsageMeters.Output, Million), (UsageMeters.Requests, 1)], "$0.502", cost: "$0");

    [Theory]
    [InlineData(0, 1_000_000, "$10")]
    [InlineData(0, 3_000_000, "$29")]
    [InlineData(1_900_000, 200_000, "$1.9")]
    [InlineData(5_000_000, 1_000_000, "$5")]
    public void Volume_makes_the_units_of_each_step_cheaper(long before, long output, string price) => Shop.WithEasyPrices(Volume)
        .After("month", before).Sells(UsageMeters.Output, output, price, cost: null);

    [Fact]
    public void Plans_count_from_the_wallet_down_to_the_key()
    {
        var stack = new PriceStack(
            new PricePlan("wallet", new Markup(100)),
            new PricePlan("team", new RequestFee(1)),
            new PricePlan("key", new Discount(50)));
        // (5 × 2 + 1) × 0.5, not 5 × 2 + 1 × 0.5, nor 5 × 2 × 0.5 + 1.
        Shop.Reselling("claude-opus-4-8", stack).Sells([(UsageMeters.Input, Million), (UsageMeters.Requests, 1)], "$5.50", cost: "$5");
    }

    [Fact]
    public void A_resellers_price_is_its_customers_cost()
    {
        var (first, second) = (new PriceStack(new PricePlan("first", new Markup(10))), new PriceStack(new PricePlan("second", new Markup(20))));
        var usage = new[] { (UsageMeters.Output, Million) };
        Shop.Reselling("claude-opus-4-8", first).Sells(usage, "$27.50", cost: "$25");
        Shop.Reselling("claude-opus-4-8", second, first).Sells(usage, "$33", cost: "$27.50");
    }

    private static Seat TwoMillionIncluded => new(20, "seat", MeterGroup.Prompt, 2 * Million);

    private static VolumeTiers Volume => new("month", MeterGroup.Completion, [new(0, 0), new(2 * Million, 10), new(5 * Million, 50)]);

    private static decimal Decimal(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
