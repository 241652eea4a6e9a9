using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Rules;
using Enforcer.Pricing.Tests.Scenarios;

namespace Enforcer.Pricing.Tests.Tables;

/// <summary>The default card against the prices that providers publish, and against what an aggregator asks who adds 5 %.</summary>
public sealed class PublishedPriceTests
{
    private const long Million = 1_000_000;

    [Theory]
    [InlineData("claude-opus-4-8", "$5", "$25")]
    [InlineData("claude-sonnet-4-6", "$3", "$15")]
    [InlineData("gpt-5.5", "$5", "$30")]
    [InlineData("gpt-5.4-mini", "$0.75", "$4.50")]
    public void A_million_tokens(string model, string input, string output)
    {
        // In prompts of 100,000 tokens, since longer ones may cost more.
        Assert.Equal(Money.Nanos(input), 10 * Sold(model, UsageMeters.Input, Million / 10));
        Assert.Equal(Money.Nanos(output), Sold(model, UsageMeters.Output, Million));
    }

    [Theory]
    [InlineData("claude-opus-4-8", "$5.25", "$26.25")]
    [InlineData("claude-sonnet-4-6", "$3.15", "$15.75")]
    [InlineData("gpt-5.5", "$5.25", "$31.50")]
    [InlineData("gpt-5.4-mini", "$0.7875", "$4.725")]
    public void A_million_tokens_from_an_aggregator_who_adds_five_percent(string model, string input, string output)
    {
        Assert.Equal(Money.Nanos(input), 10 * Sold(model, UsageMeters.Input, Million / 10, new Markup(5)));
        Assert.Equal(Money.Nanos(output), Sold(model, UsageMeters.Output, Million, new Markup(5)));
    }

    [Theory]
    [InlineData("claude-opus-4-8")]
    [InlineData("claude-sonnet-4-6")]
    [InlineData("gpt-5.5")]
    [InlineData("gpt-5.4-mini")]
    public void Cached_input_is_ninety_percent_off_and_batch_is_half(string model)
    {
        var input = Sold(model, UsageMeters.Input, Million / 10);
        Assert.Equal(input, 10 * Sold(model, UsageMeters.InputCached, Million / 10));
        Assert.Equal(input, 2 * SoldInBatch(model, UsageMeters.Input, Million / 10));
        Assert.Equal(Sold(model, UsageMeters.Output, Million), 2 * SoldInBatch(model, UsageMeters.Output, Million));
        Assert.Equal(input, 20 * SoldInBatch(model, UsageMeters.InputCached, Million / 10));
    }

    [Theory]
    [InlineData("claude-opus-4-8")]
    [InlineData("gpt-5.5")]
    public void A_thousand_web_searches_are_ten_dollars_in_every_tier(string model)
    {
        Assert.Equal(Money.Nanos("$10"), Sold(model, UsageMeters.WebSearch, 1_000));
        Assert.Equal(Money.Nanos("$10"), SoldInBatch(model, UsageMeters.WebSearch, 1_000));
    }

    [Theory]
    [InlineData(272_000, "$1.36", "$0.03")]
    [InlineData(272_001, "$2.72001", "$0.045")]
    public void A_prompt_above_272000_tokens_makes_the_whole_request_dearer(long prompt, string input, string output) => Shop.Selling("gpt-5.5")
        .Sells([(UsageMeters.Input, prompt)], input)
        .Sells([(UsageMeters.InputCached, prompt), (UsageMeters.Output, 1_000)], Sum(Tenth(input), output));

    [Fact]
    public void Cache_writes_cost_a_quarter_more_for_five_minutes_and_double_for_an_hour() => Shop.Selling("claude-opus-4-8")
        .Sells(UsageMeters.CacheWrite5m, Million, "$6.25")
        .Sells(UsageMeters.CacheWrite1h, Million, "$10");

    [Fact]
    public void A_region_costs_a_tenth_more_for_tokens_and_nothing_for_searches() => Shop.Selling("claude-opus-4-8").On(ServiceTier.Standard, "us")
        .Sells(UsageMeters.Output, Million, "$27.50")
        .Sells(UsageMeters.WebSearch, 1, "$0.01")
        .On(ServiceTier.Batch, "us").Sells(UsageMeters.Output, Million, "$13.75")
        .On(ServiceTier.Standard, "nowhere").Sells(UsageMeters.Output, Million, "$25");

    [Fact]
    public void A_dearer_tier_that_the_card_does_not_list_has_no_price()
    {
        var offer = Shop.Selling("claude-opus-4-8").Offer;
        var quote = offer.Quote(Usage.Of((UsageMeters.Input, 10)), new CallTerms(ServiceTier.Priority), Quoting.RunningCounts.None);
        Assert.Equal([new Metered(UsageMeters.Input, 10)], quote.Cost.Unpriced);
        Assert.Equal(0, quote.Price.TotalNanos);
    }

    private static long Sold(string model, UsageMeter meter, long quantity, params PriceRule[] rules) =>
        Shop.Selling(model, rules).Offer.Amounts(Usage.Of((meter, quantity)), CallTerms.Standard, Quoting.RunningCounts.None).PriceNanos;

    private static long SoldInBatch(string model, UsageMeter meter, long quantity) =>
        Shop.Selling(model).Offer.Amounts(Usage.Of((meter, quantity)), new CallTerms(ServiceTier.Batch), Quoting.RunningCounts.None).PriceNanos;

    private static string Tenth(string money) => Text(Money.Nanos(money) / 10);

    private static string Sum(string left, string right) => Text(Money.Nanos(left) + Money.Nanos(right));

    private static string Text(long nanos) => FormattableString.Invariant($"${nanos / 1_000_000_000}.{nanos % 1_000_000_000:D9}");
}
