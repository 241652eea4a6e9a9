using System.Globalization;
using Enforcer.Client;
using Enforcer.Protocol.V1;
using Enforcer.Server.Tests.Support;

namespace Enforcer.Server.Tests;

/// <summary>
/// Every form of price plan through a whole server: an operator sets it, edges reserve by what a call can use and commit what it used, and ledger,
/// statement and explanations say the same to the nano. Claude Opus 4.8 costs 5,000 nanos a token in, 500 from the cache, and 25,000 out.
/// </summary>
public sealed class PricePlanTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Opus = "claude-opus-4-8";
    private const long Dollar = 1_000_000_000;
    private readonly TestServer _server = shared.Server;

    private EnforcerOperator Operator => _server.Operator;

    public static TheoryData<string, string, string, string> Plans => new()
    {
        // Name, rules, what each call used, and what it comes to: cost/price in nanos.
        { "seat", """[{"rule": "seat", "price": 20, "counter": "included-out", "meters": "output", "included": 100}]""", "input=10 output=60; input=10 output=60; seats=1 requests=1", "1550000/50000; 1550000/550000; 0/20000000000" },
        { "outcome", """[{"rule": "perOutcome", "resolved": 0.99}]""", "input=100 resolved; input=100 failed; input=100", "500000/990000000; 500000/0; 500000/0" },
        { "own-key", """[{"rule": "bringYourOwnKey", "percent": 5, "requestFee": 0.001}]""", "input=100; output=10", "0/1025000; 0/1012500" },
        { "volume", """[{"rule": "volumeTiers", "counter": "in", "meters": "input", "steps": [{"from": 0, "percentOff": 0}, {"from": 150, "percentOff": 50}]}]""", "input=100; input=100; input=10", "500000/500000; 500000/375000; 50000/25000" },
        { "stacked", """[{"rule": "markup", "percent": 20}, {"rule": "unitMarkup", "meter": "output", "price": 0.000001}, {"rule": "requestFee", "fee": 0.0005}]""", "input=100 output=10", "750000/1410000" },
        { "cached-off", """[{"rule": "discount", "percent": 50, "on": "cached"}]""", "input=100 input_cached=1000", "1000000/750000" },
        { "floor-kept", """[{"rule": "markup", "percent": 50}, {"rule": "marginFloor", "percent": 20}]""", "input=100", "500000/750000" },
    };

    [Theory]
    [MemberData(nameof(Plans))]
    public async Task A_plan_prices_its_calls_and_every_book_says_so(string plan, string rules, string calls, string amounts)
    {
        var account = await AccountAsync(plan, rules);
        var told = new List<string>();
        foreach (var used in calls.Split("; "))
        {
            var settled = await UseAsync(account, used);
            told.Add($"{settled.CostNanos}/{settled.ChargedNanos}");
        }
        Assert.Equal(amounts, string.Join("; ", told));
        await BooksAgreeAsync(account);
    }

    [Fact]
    public async Task Credits_are_the_unit_of_the_account_in_which_cost_and_price_are_told()
    {
        const string Rules = """[{"rule": "creditUnits", "unit": "ACU", "worth": 0.05}, {"rule": "markup", "percent": 20}]""";
        var account = await AccountAsync("in-credits", Rules, "ACU");
        var settled = await UseAsync(account, "input=100");
        Assert.Equal((10_000_000, 12_000_000), (settled.CostNanos, settled.ChargedNanos));
        Assert.Equal("ACU", (await Operator.GetAccountAsync(new GetAccountRequest { Account = account })).Unit);
        await BooksAgreeAsync(account);
    }

    [Fact]
    public async Task In_a_chain_of_resellers_the_price_of_each_is_the_cost_of_the_next()
    {
        await PlanAsync("chain-first", """[{"rule": "markup", "percent": 5}]""");
        await PlanAsync("chain-second", """[{"rule": "markup", "percent": 10}]""");
        var account = await AccountAsync("chain-own", """[{"rule": "markup", "percent": 20}]""");
        var pricing = new SetAccountPricingRequest { Account = account, Plans = { "chain-own" } };
        pricing.Resellers.Add(new PlanStack { Plans = { "chain-first" } });
        pricing.Resellers.Add(new PlanStack { Plans = { "chain-second" } });
        await Operator.SetAccountPricingAsync(pricing);
        var settled = await UseAsync(account, "input=100");
        Assert.Equal((577_500, 693_000), (settled.CostNanos, settled.ChargedNanos));
        await BooksAgreeAsync(account);
    }

    [Fact]
    public async Task Below_the_margin_floor_nothing_is_held_and_the_refusal_can_be_explained()
    {
        var account = await AccountAsync("floor-missed", """[{"rule": "discount", "percent": 10}, {"rule": "marginFloor", "percent": 0}]""");
        await using var call = await ReserveAsync(account, "input=100");
        Assert.Equal(Refusal.BelowMarginFloor, call.Refusal!.Reason);
        Assert.Equal(0, (await Operator.GetAccountAsync(new GetAccountRequest { Account = account })).HeldNanos);
        var told = await Operator.ExplainAsync(new ExplainRequest { OperationId = Bytes(call.Id) });
        Assert.Equal((Refusal.BelowMarginFloor, "margin floor 0 %", Opus), (told.Refused.Outcome.Refusal, told.Refused.Outcome.Detail.Limit, told.Refused.Model));
    }

    [Fact]
    public async Task A_statement_of_mixed_plans_late_reports_and_reversals_is_the_ledger_to_the_nano()
    {
        var account = await AccountAsync("mixed-1", """[{"rule": "markup", "percent": 33}]""");
        await UseAsync(account, "input=7 output=3");
        await using (var lasting = await ReserveAsync(account, "input=100 output=100"))
        {
            await ChooseAsync(account, "mixed-2", """[{"rule": "perOutcome", "resolved": 0.25}]""");
            await UseAsync(account, "input=11 resolved");
            (await lasting.CommitPartAsync(Report("input=13"))).EnsureGranted();
            (await lasting.CommitAsync(Report("output=17"))).EnsureGranted();
            await ReverseAsync(account, lasting, 123_456);
        }
        await ChooseAsync(account, "mixed-3", """[{"rule": "seat", "price": 1, "counter": "mixed", "meters": "input", "included": 5}]""");
        await UseAsync(account, "input=19 input_cached=23");
        await ExpireAndReportAsync(account);
        await ChooseAsync(account, "mixed-4", """[{"rule": "discount", "percent": 100}]""");
        Assert.False((await ExpireAsync(account)).HasEnded);
        await using (var plain = await _server.Client.ReserveAsync(new AccountName(account), 5_000, new ReserveOptions { Model = "by-amount" }))
        {
            await plain.CommitAsync(4_321);
            await ReverseAsync(account, plain, 0);
        }

        var rows = await BooksAgreeAsync(account);
        Assert.Equal(["/by-amount", $"anthropic/{Opus}"], rows.Select(row => $"{row.Provider}/{row.Model}"));
        Assert.Equal((0L, 0L, 0L, 4_321L), (rows[0].PriceNanos, rows[0].UncostedNanos, rows[0].MarginNanos, rows[0].ReversedNanos));
        Assert.Equal((123_456L, 6L), (rows[1].ReversedNanos, rows[1].Requests));
        Assert.Equal(rows[1].PriceNanos - rows[1].CostNanos, rows[1].MarginNanos);
    }

    /// <summary>A call whose report comes only after its reservation has expired and was charged whole.</summary>
    private async Task ExpireAndReportAsync(string account)
    {
        await using var late = await ExpireAsync(account);
        Assert.True((await late.CommitAsync(Report("input=29"))).EnsureGranted().ChargedNanos < 0);
    }

    /// <summary>A call of which nobody ever hears: its hold is charged, and the most that it can have cost is booked.</summary>
    private async Task<Reservation> ExpireAsync(string account)
    {
        var call = (await ReserveAsync(account, "input=50 output=50", TimeSpan.FromMilliseconds(1))).EnsureGranted();
        using var patience = new CancellationTokenSource(Patience.Limit);
        while ((await Operator.GetAccountAsync(new GetAccountRequest { Account = account }, patience.Token)).OpenReservations > 0) await Task.Delay(20, patience.Token);
        return call;
    }

    private async Task<string> AccountAsync(string plan, string rules, string unit = "USD")
    {
        var account = (await Operator.CreateAccountAsync(new CreateAccountRequest { Unit = unit, Limits = Caps.Life(100 * Dollar) })).Account;
        await ChooseAsync(account, plan, rules);
        return account;
    }

    private async Task ChooseAsync(string account, string plan, string rules)
    {
        await PlanAsync(plan, rules);
        await Operator.SetAccountPricingAsync(new SetAccountPricingRequest { Account = account, Plans = { plan } });
    }

    private Task<PricePlanView> PlanAsync(string plan, string rules) => Operator.SetPricePlanAsync(new SetPricePlanRequest { Plan = plan, RulesJson = rules });

    private async Task<ReservationAnswer> UseAsync(string account, string used)
    {
        await using var call = (await ReserveAsync(account, used)).EnsureGranted();
        return (await call.CommitAsync(Report(used))).EnsureGranted();
    }

    /// <summary>A call that can use a little more than this.</summary>
    private ValueTask<Reservation> ReserveAsync(string account, string used, TimeSpan? ttl = null)
    {
        var report = Report(used);
        var estimate = new UsageEstimate { PromptTokens = 5, OutputTokens = 5 };
        foreach (var item in report.Items)
        {
            if (item.Meter.StartsWith("input", StringComparison.Ordinal)) estimate.PromptTokens += item.Quantity;
            else if (item.Meter == "output") estimate.OutputTokens += item.Quantity;
            else if (item.Meter != "requests") estimate.Pools.Add(new UsagePool { Most = item.Quantity, Meters = { item.Meter } });
        }
        return _server.Client.ReserveAsync(new AccountName(account), Opus, estimate, new ReserveOptions { Ttl = ttl });
    }

    private static UsageReport Report(string used)
    {
        var report = new UsageReport();
        foreach (var word in used.Split(' '))
        {
            if (word == "resolved") report.Outcome = CallOutcome.Resolved;
            else if (word == "failed") report.Outcome = CallOutcome.Failed;
            else report.Items.Add(new MeteredUsage { Meter = word.Split('=')[0], Quantity = long.Parse(word.Split('=')[1], CultureInfo.InvariantCulture) });
        }
        return report;
    }

    private async Task ReverseAsync(string account, Reservation call, long amountNanos) =>
        await Operator.ReverseAsync(new ReverseRequest { Account = account, ReservationId = Bytes(call.Id), AmountNanos = amountNanos, Reason = "disputed" });

    /// <summary>The account, its ledger, its statement and the explanations of all its commits come to the same sums.</summary>
    private async Task<List<StatementRow>> BooksAgreeAsync(string account)
    {
        var entries = await AllAsync(Operator.QueryLedgerAsync(new QueryLedgerRequest { Account = account }));
        var rows = await StatementAsync(account, entries);
        Assert.Equal(entries.Sum(entry => entry.CommittedChangeNanos), rows.Sum(row => row.PriceNanos));
        Assert.Equal((await Operator.GetAccountAsync(new GetAccountRequest { Account = account })).CommittedNanos, rows.Sum(row => row.PriceNanos));
        Assert.Equal(entries.Sum(entry => entry.Priced?.CostNanos ?? 0), rows.Sum(row => row.CostNanos));
        Assert.Equal(-entries.Where(entry => entry.Kind == EntryKind.CommitReversed).Sum(entry => entry.CommittedChangeNanos), rows.Sum(row => row.ReversedNanos));
        foreach (var call in entries.Where(entry => entry is { Kind: EntryKind.ReservationCommitted, Priced: not null }).GroupBy(entry => entry.ReservationId))
        {
            // The lines of the last commit are for all that its call used.
            var told = await Operator.ExplainAsync(new ExplainRequest { OperationId = call.Single(entry => entry.Final).OperationId });
            Assert.Equal(call.Sum(entry => entry.CommittedChangeNanos), told.PriceLines.Sum(line => line.AmountNanos));
            Assert.Equal(call.Sum(entry => entry.Priced.CostNanos), told.CostLines.Sum(line => line.AmountNanos));
        }
        return rows;
    }

    /// <summary>Of every month in which there is an entry: it may have turned meanwhile.</summary>
    private async Task<List<StatementRow>> StatementAsync(string account, List<LedgerEntry> entries)
    {
        var rows = new List<StatementRow>();
        foreach (var month in entries.Select(entry => DateTimeOffset.FromUnixTimeMilliseconds(entry.AtMs).ToString("yyyy-MM", CultureInfo.InvariantCulture)).Distinct())
            rows.AddRange(await AllAsync(Operator.StatementAsync(new StatementRequest { Accounts = { account }, Month = month })));
        return rows;
    }

    private static Google.Protobuf.ByteString Bytes(Guid id) => Google.Protobuf.ByteString.CopyFrom(id.ToByteArray(bigEndian: true));

    private static async Task<List<T>> AllAsync<T>(IAsyncEnumerable<T> stream)
    {
        var all = new List<T>();
        await foreach (var one in stream) all.Add(one);
        return all;
    }
}
