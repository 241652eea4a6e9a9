using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Tests.Scenarios;
using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Rules;

namespace Enforcer.Ledger.Tests.Tables;

/// <summary>Calls that are reserved by what they can use and committed by what they used. The nanos at the end of a hold are kept for rounding.</summary>
public sealed class PricedCallTests
{
    private static readonly (UsageMeter, long) Input = (UsageMeters.Input, 1_000);
    private static readonly (UsageMeter, long) Output = (UsageMeters.Output, 200);

    [Fact]
    public void What_is_held_is_the_most_and_what_is_charged_is_what_was_used()
    {
        var calls = new Calls(new Markup(50));
        var account = Account.With("$1").Do(calls.Reserve(1_000, 500), "call").Answered(held: "$0.010500004", tokens: 1_500);
        Assert.Equal(500, account.Last.OutputTokens);
        account.Do(calls.Commit(account.IdOf("call"), final: true, Input, Output)).Answered(held: "$0", charged: "$0.006")
            .Expect(held: "$0", committed: "$0.006");
        Assert.Equal(4_000_000, account.Last.CostNanos);
        var entry = account.Journal[^1];
        Assert.Equal(("easy.ai", "easy", "req_1", 1_200L, 1L), (entry.Priced!.Provider, entry.Priced.Model, entry.Priced.RequestId, entry.Tokens, entry.Priced.Usage![UsageMeters.Requests]));
    }

    [Theory]
    [InlineData("$0.007", 499)]
    [InlineData("$0.0025", 49)]
    [InlineData("$0.002000004", 0)]
    public void Output_is_granted_as_far_as_the_headroom_goes(string cap, long output)
    {
        var account = Account.With(cap).Do(new Calls().Reserve(1_000, 500, atLeast: 1), "call");
        if (output == 0) account.Refused(Refusal.ExceedsSpendCap, "life", shortBy: "$0.00001");
        else Assert.Equal(output, account.Last.OutputTokens);
    }

    [Fact]
    public void Money_in_flight_is_told_from_no_money()
    {
        var calls = new Calls();
        Account.With("$0.01").Do(calls.Reserve(1_000, 500), "call").Do(calls.Reserve(1_000, 500), "next")
            .Refused(Refusal.ExceedsSpendCapInFlight, "life");
    }

    [Fact]
    public void The_token_rate_clamps_output_too()
    {
        var account = Account.With(limits: Limit.Tokens(1, 1_100)).Do(new Calls().Reserve(1_000, 500, atLeast: 1), "call");
        Assert.Equal((100L, 1_100L), (account.Last.OutputTokens, account.Last.HeldTokens));
        account.Answered(held: "$0.003000004").Do(new Calls().Reserve(10, 0), "next").Refused(Refusal.TokenRate);
    }

    [Fact]
    public void A_model_without_prices_is_refused_with_what_is_near()
    {
        var account = Account.With("$1").Do(new Calls().Reserve(1_000, 500, noPrice: "model esay"), "call").Refused(Refusal.Unpriced, "model esay");
        Assert.Equal(["easy"], account.Last.Near);
    }

    [Fact]
    public void So_is_a_meter_without_a_price() => Account.With("$1")
        .Do(new Calls().Reserve(1_000, 500, more: MeterPool.Of(3, UsageMeters.FileSearch)), "call").Refused(Refusal.Unpriced, "easy: file_search");

    [Fact]
    public void Usage_without_a_price_leaves_the_hold()
    {
        var calls = new Calls();
        var account = Account.With("$1").Do(calls.Reserve(1_000, 500), "call");
        account.Do(calls.Commit(account.IdOf("call"), final: true, Input, (UsageMeters.FileSearch, 1))).Refused(Refusal.Unpriced, "file_search")
            .Expect(held: "$0.007000004");
    }

    [Fact]
    public void A_reservation_by_amount_is_not_settled_by_usage()
    {
        var calls = new Calls();
        var account = Account.With("$1").Reserve("$0.5");
        account.Do(calls.Commit(account.IdOf("call"), final: true, Input)).Refused(Refusal.Unpriced)
            .Do(calls.Extend(account.IdOf("call"), MeterPool.Of(1, UsageMeters.WebSearch))).Refused(Refusal.Unpriced);
    }

    [Theory]
    [InlineData(-10, 10, true)]
    [InlineData(25, 20, false)]
    [InlineData(25, 21, true)]
    public void What_would_sell_below_the_margin_floor_is_refused(int markup, int floor, bool isRefused)
    {
        PriceRule price = markup < 0 ? new Discount(-markup) : new Markup(markup);
        var account = Account.With("$1").Do(new Calls(price, new MarginFloor(floor)).Reserve(1_000, 500), "call");
        if (isRefused) account.Refused(Refusal.BelowMarginFloor, $"margin floor {floor} %");
        account.Expect(open: isRefused ? 0 : 1);
    }

    [Fact]
    public void Nothing_used_costs_nothing_and_something_used_is_one_request()
    {
        var calls = new Calls(new RequestFee(0.001m));
        var account = Account.With("$1").Do(calls.Reserve(1_000, 500), "none").Do(calls.Reserve(1_000, 500), "some");
        account.Do(calls.Commit(account.IdOf("none"), final: true)).Answered(charged: "$0")
            .Do(calls.Commit(account.IdOf("some"), final: true, Input)).Answered(charged: "$0.003");
    }

    [Fact]
    public void A_price_change_counts_for_what_is_reserved_after_it()
    {
        var calls = new Calls();
        var account = Account.With("$1").Do(calls.Reserve(1_000, 500), "before");
        calls.SellBy(new Markup(100));
        account.Do(calls.Reserve(1_000, 500), "after").Reload()
            .Do(calls.Commit(account.IdOf("before"), final: true, Input, Output)).Answered(charged: "$0.004")
            .Do(calls.Commit(account.IdOf("after"), final: true, Input, Output)).Answered(charged: "$0.008");
    }

    [Fact]
    public void The_same_estimate_is_the_same_operation_whatever_it_costs_by_then()
    {
        var calls = new Calls();
        var account = Account.With("$1");
        var id = account.NewId();
        account.Do(calls.Reserve(1_000, 500) with { OperationId = id }, "call").Answered(held: "$0.007000004");
        calls.SellBy(new Markup(100));
        account.Do(calls.Reserve(1_000, 500) with { OperationId = id }, "call").Answered(held: "$0.007000004").Expect(open: 1);
        Assert.Equal(500, account.Last.OutputTokens);
        account.Do(calls.Reserve(1_000, 501) with { OperationId = id }, "call").Refused(Refusal.OperationConflict);
    }

    [Fact]
    public void Parts_are_priced_together()
    {
        var calls = new Calls(new VolumeTiers("in", MeterGroup.Of(UsageMeters.Input), [new VolumeStep(0, 0), new VolumeStep(500, 50)]));
        var account = Account.With("$1").Do(calls.Reserve(1_000, 500), "call");
        account.Do(calls.Commit(account.IdOf("call"), final: false, (UsageMeters.Input, 400))).Answered(charged: "$0.0008")
            .Reload().Do(calls.Commit(account.IdOf("call"), final: true, (UsageMeters.Input, 600))).Answered(charged: "$0.0007")
            .Expect(committed: "$0.0015");
    }

    [Fact]
    public void More_is_held_for_more()
    {
        var calls = new Calls();
        var account = Account.With("$1").Do(calls.Reserve(1_000, 500), "call").Answered(held: "$0.007000004");
        account.Do(calls.Extend(account.IdOf("call"), new MeterPool(100, MeterPool.TextCompletion), MeterPool.Of(2, UsageMeters.WebSearch)))
            .Answered(held: "$0.028000004", tokens: 1_600);
        Assert.Equal(600, account.Last.OutputTokens);
        account.Do(calls.Commit(account.IdOf("call"), final: true, Input, (UsageMeters.Output, 600), (UsageMeters.WebSearch, 2)))
            .Answered(charged: "$0.028", overrun: "$0");
    }

    [Fact]
    public void More_than_was_estimated_is_booked_as_any_cost_above_its_hold()
    {
        var calls = new Calls();
        var account = Account.With("$0.01").Do(calls.Reserve(1_000, 500), "call");
        account.Do(calls.Commit(account.IdOf("call"), final: true, Input, (UsageMeters.Output, 1_000))).Answered(charged: "$0.012", overrun: "$0.002");
    }

    [Fact]
    public void Included_usage_is_free_for_those_that_were_promised_it_and_for_each_month()
    {
        var calls = new Calls(new Seat(0, "in", MeterGroup.Of(UsageMeters.Input), 1_500), new VolumeTiers("out", MeterPool.TextCompletion, [new VolumeStep(0, 0)]));
        var account = Account.With("$1").Do(calls.Reserve(1_000, 0), "first").Do(calls.Reserve(1_000, 0), "second");
        account.Do(calls.Commit(account.IdOf("second"), final: true, Input)).Answered(charged: "$0")
            .Do(calls.Commit(account.IdOf("first"), final: true, Input)).Answered(charged: "$0")
            .Do(calls.Reserve(1_000, 0), "third").Do(calls.Commit(account.IdOf("third"), final: true, Input)).Answered(charged: "$0.002")
            .At("2026-04-01 00:00").Do(calls.Reserve(1_000, 0), "april").Do(calls.Commit(account.IdOf("april"), final: true, Input)).Answered(charged: "$0");
    }

    [Fact]
    public void A_month_that_ends_in_between_makes_nothing_dearer()
    {
        var calls = new Calls(new VolumeTiers("in", MeterGroup.Of(UsageMeters.Input), [new VolumeStep(0, 0), new VolumeStep(1_000, 50)]));
        var account = Account.With("$1", at: "2026-03-31 23:59").Do(calls.Reserve(1_000, 0), "march");
        account.Do(calls.Commit(account.IdOf("march"), final: true, Input)).Answered(charged: "$0.002")
            .Do(calls.Reserve(1_000, 0), "late").At("2026-04-01 00:01")
            .Do(calls.Reserve(1_000, 0), "april").Do(calls.Commit(account.IdOf("april"), final: true, Input)).Answered(charged: "$0.002")
            .Do(calls.Commit(account.IdOf("late"), final: true, Input)).Answered(charged: "$0.001");
    }

    [Theory]
    [InlineData("outcome_resolved", "$0.99", 4_000_000)]
    [InlineData("outcome_failed", "$0", 4_000_000)]
    public void Per_outcome_failure_costs_the_customer_nothing_and_the_seller_all(string outcome, string charged, long cost)
    {
        var calls = new Calls(new PerOutcome(0.99m));
        Assert.True(UsageMeter.TryParse(outcome, out var meter));
        var account = Account.With("$1").Do(calls.Reserve(1_000, 500), "call").Answered(held: "$0.99");
        account.Do(calls.Commit(account.IdOf("call"), final: true, Input, Output, (meter, 1))).Answered(charged: charged);
        Assert.Equal(cost, account.Last.CostNanos);
    }

    [Fact]
    public void With_the_customers_own_key_there_is_no_cost()
    {
        var calls = new Calls(new BringYourOwnKey(5, 0.01m));
        var account = Account.With("$1").Do(calls.Reserve(1_000, 500), "call");
        account.Do(calls.Commit(account.IdOf("call"), final: true, Input, Output)).Answered(charged: "$0.0102");
        Assert.Equal(0, account.Last.CostNanos);
    }

    [Fact]
    public void Expiry_charges_the_hold_at_the_most_cost_and_a_late_report_corrects_both()
    {
        var calls = new Calls(new Markup(50));
        var account = Account.With("$1").Do(calls.Reserve(1_000, 500), "call").WaitMinutes(6).Expire().Expect(committed: "$0.010500004");
        Assert.Equal((7_000_004, true), (account.Journal[^1].Priced!.CostNanos, account.Journal[^1].Priced!.IsEstimated));
        account.Do(calls.Commit(account.IdOf("call"), final: true, Input, Output)).Answered(charged: "-$0.004500004").Expect(committed: "$0.006");
        Assert.Equal(4_000_000, account.Journal.Sum(entry => entry.Priced?.CostNanos ?? 0));
    }

    [Theory]
    [InlineData("$0.005", 7_000_004)]
    [InlineData("$0", 0)]
    public void Settled_by_amount_the_cost_is_the_most_unless_nothing_was_paid(string amount, long cost)
    {
        var account = Account.With("$1").Do(new Calls(new Markup(50)).Reserve(1_000, 500), "call").Commit(amount).Answered(charged: amount);
        Assert.Equal((cost, cost != 0, EntryKind.Committed), (account.Last.CostNanos, account.Journal[^1].Priced!.IsEstimated, account.Journal[^1].Kind));
    }
}
