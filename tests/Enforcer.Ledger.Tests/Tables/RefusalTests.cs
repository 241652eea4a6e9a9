using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Tests.Scenarios;

namespace Enforcer.Ledger.Tests.Tables;

/// <summary>Refusals: one name for one state, in a fixed order, what time does not cure first; and what may be tried again when.</summary>
public sealed class RefusalTests
{
    /// <summary>Everything is wrong at once; each step cures what was refused before it.</summary>
    [Fact]
    public void The_order_is_fixed()
    {
        var limits = new LimitSet([Limit.Cap(SpendWindow.Life, "$5")], new RateLimit(1, 2), new RateLimit(1, 1_000), concurrency: 2);
        var account = Account.With(limits: limits, options: LedgerOptions.Default with { MaxOpenReservations = 2 })
            .Reserve("$1", "a", tokens: 500).Reserve("$1", "b", tokens: 500).CommitPart("$7", "a");
        account.Suspend().Reserve("$9", tokens: 9).Refused(Refusal.Suspended)
            .Resume().Reserve("$9", tokens: 9).Refused(Refusal.Overrun)
            .TopUp("$3").Reserve("$9", tokens: 9).Refused(Refusal.TooManyReservations)
            .Commit("$0", "a").Reserve("$9", tokens: 9).Refused(Refusal.ExceedsSpendCap)
            .SetLimits(new LimitSet([Limit.Cap(SpendWindow.Life, "$50")], new RateLimit(1, 2), new RateLimit(1, 1_000), concurrency: 1))
            .Reserve("$9", tokens: 9_000).Refused(Refusal.Concurrency)
            .SetLimits(limits).TopUp("$45").Reserve("$9", tokens: 9_000).Refused(Refusal.RequestRate)
            .WaitMinutes(1).Reserve("$9", tokens: 9_000).Refused(Refusal.TokenRate)
            .Reserve("$9", tokens: 1).Expect(open: 2)
            .Close().Reserve("$9").Refused(Refusal.Closed);
    }

    // $5 a day, of which $2 are held by others for two more minutes; $2 are committed. It is noon.
    [Theory]
    [InlineData("$1.5", Refusal.ExceedsSpendCapInFlight, "$0.5", "$0.5", 120_000)]
    [InlineData("$3", Refusal.ExceedsSpendCapInFlight, "$2", "$2", 120_000)]
    [InlineData("$3.1", Refusal.ExceedsSpendCap, "$2.1", "$2", 43_200_000)]
    public void In_flight_is_what_open_reservations_could_give_back(string amount, Refusal refusal, string shortBy, string inFlight, long retryAfterMs) =>
        Account.With(limits: Limit.Spend(Limit.Cap(SpendWindow.Day, "$5")))
            .Reserve("$2").Commit("$2").Reserve("$2", "other", ttlMs: 120_000)
            .Reserve(amount).Refused(refusal, "day", shortBy, inFlight, retryAfterMs)
            .Expect(held: "$2", committed: "$2", headroom: "$1");

    [Fact]
    public void A_window_that_begins_before_the_first_expiry_is_waited_for() => Account
        .With(limits: Limit.Spend(Limit.Cap(SpendWindow.Day, "$5")), at: "2026-03-02 23:59")
        .Reserve("$5").Reserve("$1").Refused(Refusal.ExceedsSpendCapInFlight, retryAfterMs: 60_000);

    [Fact]
    public void Of_several_short_caps_the_one_that_time_cures_last_is_named() => Account
        .With(limits: Limit.Spend(Limit.Cap(SpendWindow.Day, "$3"), Limit.Cap(SpendWindow.Life, "$6"), Limit.Cap(SpendWindow.Month, "$4")))
        .Reserve("$3").Refuses("$3.5", Refusal.ExceedsSpendCap, "day") // exhausted before in flight
        .Commit("$3").Refuses("$0.5", Refusal.ExceedsSpendCap, "day")
        .Refuses("$2", Refusal.ExceedsSpendCap, "month") // the later window
        .Refuses("$4", Refusal.ExceedsSpendCap, "life"); // no window at all

    [Fact]
    public void A_refusal_is_no_entry_and_consumes_nothing()
    {
        var account = Account.With(limits: new LimitSet([Limit.Cap(SpendWindow.Life, "$5")], new RateLimit(1, 5), new RateLimit(1, 100), 3));
        var before = Snapshots.Text(account.State);
        account.Reserve("$6").Refused(Refusal.ExceedsSpendCap).Reserve("$1", tokens: 101).Refused(Refusal.TokenRate);
        Assert.Equal(before, Snapshots.Text(account.State));
    }

    [Fact]
    public void A_refused_operation_may_be_tried_again_under_its_id()
    {
        var account = Account.With("$5");
        var id = account.NewId();
        account.Reserve("$6", id: id).Refused(Refusal.ExceedsSpendCap).TopUp("$1").Reserve("$6", id: id).Expect(held: "$6");
    }

    [Fact]
    public void Every_refusal_that_the_rules_give_has_a_story_here()
    {
        // Busy, Unavailable and the like are the host's; offers are fetched by the server; Invalid is the form's; unknown accounts may also be the directory's.
        var stories = string.Concat(Directory.GetFiles(Path.Combine(Repository.Root, "tests/Enforcer.Ledger.Tests/Tables"), "*.cs").Select(File.ReadAllText));
        Refusal[] notOfTheRules = [Refusal.Granted, Refusal.Busy, Refusal.Unavailable, Refusal.Invalid, Refusal.NeedsOffer];
        Assert.All(Enum.GetValues<Refusal>().Except(notOfTheRules), name => Assert.Contains($"Refusal.{name}", stories, StringComparison.Ordinal));
    }
}
