using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Tests.Scenarios;

namespace Enforcer.Ledger.Tests.Tables;

/// <summary>Reserve: all or nothing over every limit; a refusal consumes nothing.</summary>
public sealed class ReserveTests
{
    [Theory]
    [InlineData("$5", "$2", "$3")]
    [InlineData("$5", "$5", "$0")]
    [InlineData("$0.000000001", "$0.000000001", "$0")]
    public void A_grant_holds_the_amount(string cap, string amount, string headroom) => Account.With(cap)
        .Reserve(amount).Answered(held: amount, headroom: headroom)
        .Expect(held: amount, committed: "$0", headroom: headroom, open: 1);

    [Theory]
    [InlineData("$0", "$0.000000001", "$0.000000001")]
    [InlineData("$5", "$5.000000001", "$0.000000001")]
    [InlineData("$5", "$9000000", "$8999995")]
    public void A_cap_refuses_one_nano_too_many(string cap, string amount, string shortBy) => Account.With(cap)
        .Reserve(amount).Refused(Refusal.ExceedsSpendCap, "life", shortBy, inFlight: "$0", retryAfterMs: 0)
        .Expect(headroom: cap, held: "$0", open: 0);

    [Fact]
    public void Without_a_cap_there_is_no_headroom_to_tell() => Account.With()
        .Reserve("$9000000").Answered(headroom: "none").Expect(held: "$9000000");

    [Fact]
    public void What_was_reserved_and_committed_is_gone_and_the_rest_returns() => Account.With("$5")
        .Reserve("$2").Commit("$1.50").Answered(held: "$0", charged: "$1.5", overrun: "$0", headroom: "$3.5")
        .Expect(headroom: "$3.5", held: "$0", committed: "$1.5", open: 0);

    [Theory]
    [InlineData("$4", "$4", "$4")]
    [InlineData("$9", "$1", "$5")]
    [InlineData("$9", "$5", "$5")]
    public void As_much_as_fits_between_at_least_and_the_amount(string amount, string atLeast, string granted) => Account.With("$5")
        .Reserve(amount, atLeast: atLeast).Answered(held: granted)
        .Expect(held: granted);

    [Fact]
    public void Less_than_at_least_is_refused_and_the_shortage_counts_from_there() => Account.With("$5")
        .Reserve("$9", atLeast: "$6").Refused(Refusal.ExceedsSpendCap, "life", "$1")
        .Expect(held: "$0");

    [Fact]
    public void Of_several_caps_the_least_headroom_decides() => Account
        .With(limits: Limit.Spend(Limit.Cap(SpendWindow.Life, "$5"), Limit.Cap(SpendWindow.Day, "$3"), Limit.Cap(SpendWindow.Month, "$4")))
        .Reserve("$9", atLeast: "$1").Answered(held: "$3", headroom: "$0")
        .Expect(limit: "life", headroom: "$2").Expect(limit: "day", headroom: "$0").Expect(limit: "month", headroom: "$1");

    [Fact]
    public void The_default_time_to_live_is_five_minutes()
    {
        var account = Account.With("$5").Reserve("$1");
        Assert.Equal(account.NowMs + 300_000, account.Last.ExpiresAtMs);
    }
}
