using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Quoting;
using Enforcer.Pricing.Rules;
using Enforcer.Pricing.Tests.Scenarios;

namespace Enforcer.Pricing.Tests.Tables;

/// <summary>What is held for a call, in dollars. A few nanos on top are for lines that are rounded up one by one.</summary>
public sealed class BoundTests
{
    private const long Million = 1_000_000;

    [Fact]
    public void A_prompt_is_held_at_its_dearest_way_and_the_answer_whole()
    {
        // A cache write for an hour costs $10 a million; four ways to bill a prompt and two to bill an answer: 3 + 1 nanos for rounding.
        var bound = Shop.Selling("claude-opus-4-8").Bound(UsageBound.OfText(Million, Million));
        Assert.Equal(Money.Nanos("$35") + 4, bound.PriceNanos);
        Assert.True(bound.IsComplete);
        Assert.Null(bound.Floor);
    }

    [Fact]
    public void Who_knows_that_nothing_is_cached_holds_less()
    {
        var plain = new UsageBound([MeterPool.Of(Million, UsageMeters.Input), MeterPool.Of(1_000, UsageMeters.Output)], CallTerms.Standard);
        Assert.Equal(Money.Nanos("$5.025"), Shop.Selling("claude-opus-4-8").Bound(plain).PriceNanos);
    }

    [Theory]
    [InlineData(272_000, "$1.36", "$30")]
    [InlineData(272_001, "$2.72001", "$45")]
    public void A_prompt_that_may_be_long_is_held_at_the_dearer_tier(long prompt, string input, string output) => Assert.Equal(
        Money.Nanos(input) + Money.Nanos(output),
        Shop.Selling("gpt-5.5").Bound(new UsageBound([MeterPool.Of(prompt, UsageMeters.Input), MeterPool.Of(Million, UsageMeters.Output)], CallTerms.Standard)).PriceNanos);

    [Fact]
    public void The_dearest_of_the_terms_that_the_call_may_be_billed_on_counts()
    {
        var either = new UsageBound([MeterPool.Of(Million, UsageMeters.Output)], new CallTerms(ServiceTier.Batch), CallTerms.Standard, new CallTerms(ServiceTier.Batch, "us"));
        Assert.Equal(Money.Nanos("$25"), Shop.Selling("claude-opus-4-8").Bound(either).PriceNanos);
    }

    [Fact]
    public void What_has_no_price_makes_a_bound_incomplete()
    {
        var bound = Shop.WithEasyPrices().Bound(UsageBound.OfText(10, 10).With(MeterPool.Of(1, UsageMeters.FileSearch)));
        Assert.Equal([UsageMeters.FileSearch], bound.Unpriced);
        Assert.False(bound.IsComplete);
        Assert.True(Shop.WithEasyPrices().Bound(UsageBound.OfText(10, 10).With(MeterPool.Of(0, UsageMeters.FileSearch))).IsComplete);
    }

    [Theory]
    [InlineData(0, 0, "$0")]
    [InlineData(0, 1_500_000, "$1")]
    [InlineData(0, 2_000_000, "$2")]
    [InlineData(0, 99_000_000, "$2")]
    public void Included_usage_counts_as_far_as_it_is_certainly_left(long least, long most, string held)
    {
        var seat = new Seat(20, "seat", MeterGroup.Of(UsageMeters.Input), 2 * Million);
        var bound = new UsageBound([MeterPool.Of(Million, UsageMeters.Input)], CallTerms.Standard);
        var range = CountRange.Between(RunningCounts.Of(("seat", least)), RunningCounts.Of(("seat", most)));
        // The one nano is for the line that the end of what is included may cut in two.
        Assert.InRange(Shop.WithEasyPrices(seat).Bound(bound, range).PriceNanos - Money.Nanos(held), 0, 1);
        Assert.Equal(Money.Nanos("$2") + 1, Shop.WithEasyPrices(seat).Bound(bound).PriceNanos);
    }

    [Theory]
    [InlineData(0, 0, "$10")]
    [InlineData(3_000_000, 3_000_000, "$9")]
    [InlineData(1_999_999, 3_000_000, "$10")]
    [InlineData(2_000_000, 99_000_000, "$9")]
    public void A_volume_discount_counts_as_far_as_it_is_certainly_reached(long least, long most, string held)
    {
        var volume = new VolumeTiers("month", MeterGroup.Completion, [new(0, 0), new(2 * Million, 10), new(5 * Million, 50)]);
        var bound = new UsageBound([MeterPool.Of(Million, UsageMeters.Output)], CallTerms.Standard);
        var range = CountRange.Between(RunningCounts.Of(("month", least)), RunningCounts.Of(("month", most)));
        Assert.InRange(Shop.WithEasyPrices(volume).Bound(bound, range).PriceNanos - Money.Nanos(held), 0, 2);
    }

    [Theory]
    [InlineData("$0.05", 0, 128_000, null)]
    [InlineData("$0.100000003", 0, 128_000, 0L)]
    [InlineData("$0.100000028", 0, 128_000, 0L)]
    [InlineData("$0.100025004", 0, 128_000, 1L)]
    [InlineData("$1.100000004", 0, 128_000, 40_000L)]
    [InlineData("$99", 0, 128_000, 128_000L)]
    [InlineData("$99", 0, 9_007_199_254_740_992, 3_955_999L)]
    public void The_output_that_a_headroom_allows(string headroom, long asked, long atMost, long? tokens)
    {
        var fit = Shop.Selling("claude-opus-4-8").Offer.FitOutput(UsageBound.OfText(10_000, asked), CountRange.Unknown, Money.Nanos(headroom), atMost);
        Assert.Equal(tokens, fit.MaxTokens);
        Assert.Equal(tokens is null ? Money.Nanos("$0.050000003") : 0, fit.MissingNanos);
    }

    [Theory]
    [InlineData("0", "$0.012", false)]
    [InlineData("50", "$0.012", false)]
    [InlineData("50.01", "$0.012", true)]
    public void A_margin_floor_is_a_share_of_the_price(string percent, string cost, bool isBelow)
    {
        var bound = Shop.WithEasyPrices(new Markup(100), new MarginFloor(decimal.Parse(percent, System.Globalization.CultureInfo.InvariantCulture)))
            .Bound(new UsageBound([MeterPool.Of(1_000, UsageMeters.Input), MeterPool.Of(1_000, UsageMeters.Output)], CallTerms.Standard));
        var floor = bound.Floor!.Value;
        Assert.Equal(isBelow, floor.IsBelow);
        Assert.Equal((Money.Nanos(cost), 2 * Money.Nanos(cost)), (floor.CostNanos, floor.PriceNanos));
    }

    [Fact]
    public void A_margin_floor_sees_the_split_that_sells_worst()
    {
        // Dear enough as a whole, and below cost for every cached token.
        PriceRule[] rules = [new Markup(10), new Discount(90) { On = MeterGroup.Cached }, new MarginFloor(0)];
        Assert.True(Shop.WithEasyPrices(rules).Bound(UsageBound.OfText(1_000, 0)).Floor!.Value.IsBelow);
        Assert.False(Shop.WithEasyPrices(rules).Bound(UsageBound.OfText(0, 1_000)).Floor!.Value.IsBelow);
    }

    [Fact]
    public void A_floor_may_be_kept_by_outcomes_although_tokens_are_given_away()
    {
        var bound = UsageBound.OfText(1_000, 1_000).With(new MeterPool(1, MeterGroup.Of(UsageMeters.OutcomeResolved)));
        Assert.False(Shop.WithEasyPrices(new PerOutcome(0.99m), new MarginFloor(50)).Bound(bound).Floor!.Value.IsBelow);
        Assert.True(Shop.WithEasyPrices(new PerOutcome(0.02m), new MarginFloor(50)).Bound(bound).Floor!.Value.IsBelow);
    }

    [Fact]
    public void The_tokens_of_a_prompt_are_bounded_by_its_bytes_and_what_is_stated_on_top()
    {
        var overheads = new TokenOverheads(PerRequest: 10, PerMessage: 4, FirstTool: 300, PerTool: 20, PerImage: 1_600);
        Assert.Equal(1_010, overheads.MostTokens(new PromptSize(1_000)));
        Assert.Equal(1_000 + 10 + (3 * 4) + 300 + (2 * 20) + (2 * 1_600), overheads.MostTokens(new PromptSize(1_000, Messages: 3, Tools: 2, Images: 2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => overheads.MostTokens(new PromptSize(-1)));
    }

    [Fact]
    public void A_bound_that_contradicts_itself_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new UsageBound([MeterPool.Of(1, UsageMeters.Input)]));
        Assert.Throws<ArgumentException>(() => new UsageBound([MeterPool.Of(1, UsageMeters.Input), MeterPool.Of(1, UsageMeters.Input)], CallTerms.Standard));
        Assert.Throws<ArgumentException>(() => new UsageBound([MeterPool.Of(-1, UsageMeters.Input)], CallTerms.Standard));
        Assert.Throws<ArgumentException>(() => new UsageBound([new MeterPool(1, MeterGroup.Everything)], CallTerms.Standard));
        Assert.Throws<InvalidOperationException>(() => new UsageBound([MeterPool.Of(1, UsageMeters.Input)], CallTerms.Standard).WithOutput(1));
        Assert.False(UsageBound.OfText(5, 5).Contains(Usage.Of((UsageMeters.Input, 3), (UsageMeters.InputCached, 3))));
        Assert.False(UsageBound.OfText(5, 5).Contains(Usage.Of((UsageMeters.WebSearch, 1))));
    }
}
