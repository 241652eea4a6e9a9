using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Enforcer.Client;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using Enforcer.Server.Tests.Support;
using Google.Protobuf;

namespace Enforcer.Server.Tests;

/// <summary>Operators' prices: versions, plans and who has them, what an operation came to and why, and the month's statement.</summary>
public sealed class PriceBookTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const long Dollar = 1_000_000_000;
    private readonly TestServer _server = shared.Server;

    private EnforcerOperator Operator => _server.Operator;

    [Fact]
    public async Task A_file_is_tried_imported_compared_and_shown()
    {
        var file = Card("book-a", 2m, "m1", "m2");
        var tried = await Operator.ImportPricesAsync(new ImportPricesRequest { File = file, DryRun = true });
        Assert.Equal((0, 2, 2, 2), (tried.Version.Version, tried.Entries, tried.Imported, tried.ModelsAdded));
        Assert.Contains("Nothing was added", tried.Summary, StringComparison.Ordinal);
        var first = await Operator.ImportPricesAsync(new ImportPricesRequest { File = file, Reason = "agreed" });
        Assert.Equal((1, 2, "USD", true), (first.Version.Version, first.Version.Models, first.Version.Unit, first.Version.IsCurrent));
        var again = await Operator.ImportPricesAsync(new ImportPricesRequest { File = file });
        Assert.Equal((1, "2 entries: 2 imported whole (100.0 %), 0 rejected. Nothing is new: version 1 says the same."), (again.Version.Version, again.Summary));
        await Operator.ImportPricesAsync(new ImportPricesRequest { File = Card("book-a", 3m, "m1", "m3") });

        var changes = await AllAsync(Operator.DiffPricesAsync(new DiffPricesRequest { Seller = "book-a", FromVersion = 1 }));
        Assert.Equal(
            ["m1 input 0.000002 0.000003", "m2 input 0.000002 ", "m3 input  0.000003"], changes.Select(change => $"{change.Model} {change.Line} {change.From} {change.To}"));
        var shown = Assert.Single(await AllAsync(Operator.ShowPricesAsync(new ShowPricesRequest { Seller = "book-a", Version = 1, ModelPattern = "m2*" })));
        Assert.Equal(("maker", "m2", "2", 1_000_000L), (shown.Provider, shown.Model, shown.Rates[0].Price, shown.Rates[0].Per));

        var rate = new Rate { Meter = "web_search", Price = "10", Per = 1_000 };
        var set = await Operator.SetRateAsync(new SetRateRequest { Seller = "book-a", Model = "m1", Rate = rate });
        Assert.Equal((3, true), (set.Version, set.IsCurrent));
        Assert.Equal([1, 2, 3], (await Operator.ListPriceVersionsAsync(new ListPriceVersionsRequest { Seller = "book-a" })).Versions.Select(version => version.Version));
    }

    [Fact]
    public async Task What_is_not_understood_in_a_file_is_named()
    {
        var file = ByteString.CopyFromUtf8("""{"good": {"litellm_provider": "p", "mode": "chat", "input_cost_per_token": 0.000001}, "odd": {"litellm_provider": "p", "price_per_wish": 3}}""");
        var report = await Operator.ImportPricesAsync(new ImportPricesRequest { File = file, Seller = "book-b", DryRun = true });
        Assert.Equal((2, 1), (report.Entries, report.Imported));
        Assert.Contains("price_per_wish", Assert.Single(report.Rejected).Problems[0], StringComparison.Ordinal);
        await InvalidAsync("file is not understood", () => Operator.ImportPricesAsync(new ImportPricesRequest { File = ByteString.CopyFromUtf8("[") }));
        await InvalidAsync("rules_json", () => Operator.SetPricePlanAsync(new SetPricePlanRequest { Plan = "p", RulesJson = """[{"rule": "gift"}]""" }));
        await InvalidAsync("month", () => AllAsync(Operator.StatementAsync(new StatementRequest { Month = "November" })));
        await InvalidAsync("rate.meter", () => Operator.SetRateAsync(new SetRateRequest { Model = "m", Rate = new Rate { Meter = "hope", Price = "1" } }));
    }

    [Fact]
    public async Task Plans_count_from_when_an_account_has_them_and_reservations_keep_theirs()
    {
        var key = await _server.CreateKeyAsync(Dollar);
        await using var before = await ReserveAsync(key.Secret);
        await PlanAsync("gold-1", """[{"rule": "markup", "percent": 100}]""");
        await PlanAsync("fee-1", """[{"rule": "requestFee", "fee": 0.001}]""");
        await Operator.SetAccountPricingAsync(new SetAccountPricingRequest { Account = key.Key.Account, Plans = { "gold-1", "fee-1" } });
        await using var after = await ReserveAsync(key.Secret);
        await PlanAsync("gold-1", """[{"rule": "markup", "percent": 200}]""");
        await using var last = await ReserveAsync(key.Secret);
        Assert.Equal((1_000_000, 3_000_000, 4_000_000), (await UseAsync(before), await UseAsync(after), await UseAsync(last)));
        Assert.Equal(["gold-1", "fee-1"], (await Operator.GetAccountPricingAsync(new GetAccountPricingRequest { Account = key.Key.Account })).Plans);
        Assert.Contains("200", (await Operator.GetPricePlanAsync(new GetPricePlanRequest { Plan = "gold-1" })).RulesJson, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resellers_price_is_their_customers_cost()
    {
        var key = await _server.CreateKeyAsync(Dollar);
        await PlanAsync("aggregator", """[{"rule": "markup", "percent": 5}]""");
        await PlanAsync("agency", """[{"rule": "markup", "percent": 20}]""");
        await Operator.SetAccountPricingAsync(
            new SetAccountPricingRequest { Account = key.Key.Account, Plans = { "agency" }, Resellers = { new PlanStack { Plans = { "aggregator" } } } });
        await using var call = await ReserveAsync(key.Secret);
        var settled = await call.CommitAsync(Used());
        Assert.Equal((1_050_000, 1_260_000), (settled.CostNanos, settled.ChargedNanos));
    }

    [Fact]
    public async Task Plans_that_do_not_fit_the_account_are_refused_before_any_call()
    {
        var key = await _server.CreateKeyAsync();
        await PlanAsync("credits", """[{"rule": "creditUnits", "unit": "ACU", "worth": 0.03}]""");
        var set = new SetAccountPricingRequest { Account = key.Key.Account, Plans = { "credits" } };
        var fault = await Assert.ThrowsAsync<EnforcerException>(() => Operator.SetAccountPricingAsync(set));
        Assert.Contains("the account is in USD, but its prices come to ACU", fault.Message, StringComparison.Ordinal);
        set.Plans[0] = "nowhere";
        Assert.Contains("plan 'nowhere' does not exist", (await Assert.ThrowsAsync<EnforcerException>(() => Operator.SetAccountPricingAsync(set))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("floor", """[{"rule": "discount", "percent": 10}, {"rule": "marginFloor", "percent": 0}]""", Refusal.BelowMarginFloor)]
    [InlineData("own", """[{"rule": "bringYourOwnKey", "percent": 10}]""", Refusal.Granted)]
    public async Task Floors_refuse_and_own_keys_cost_nothing(string plan, string rules, Refusal refusal)
    {
        var key = await _server.CreateKeyAsync(Dollar);
        await PlanAsync(plan, rules);
        await Operator.SetAccountPricingAsync(new SetAccountPricingRequest { Account = key.Key.Account, Plans = { plan } });
        await using var call = await ReserveAsync(key.Secret);
        Assert.Equal(refusal, call.Refusal?.Reason ?? Refusal.Granted);
        if (!call.IsGranted) return;
        var settled = await call.CommitAsync(Used());
        Assert.Equal((0, 100_000), (settled.CostNanos, settled.ChargedNanos));
    }

    [Fact]
    public async Task An_operation_is_explained_line_by_line_to_what_its_entry_says()
    {
        var key = await _server.CreateKeyAsync(Dollar);
        await PlanAsync("explained", """[{"rule": "markup", "percent": 5}]""");
        await Operator.SetAccountPricingAsync(new SetAccountPricingRequest { Account = key.Key.Account, Plans = { "explained" } });
        await using var call = await ReserveAsync(key.Secret);
        await call.CommitPartAsync(Used());
        await call.CommitAsync(new UsageReport { Items = { new MeteredUsage { Meter = "output", Quantity = 10 } } });
        var entries = await EntriesAsync(key.Key.Account);

        var reserved = await Operator.ExplainAsync(new ExplainRequest { OperationId = entries.Single(entry => entry.Kind == EntryKind.ReservationMade).OperationId });
        Assert.InRange(reserved.PriceNanos - reserved.PriceLines.Sum(line => line.AmountNanos), 0, 10);
        Assert.Equal(1, reserved.Version.Version);
        foreach (var entry in entries.Where(entry => entry.Kind == EntryKind.ReservationCommitted && !entry.Final))
        {
            var told = await Operator.ExplainAsync(new ExplainRequest { OperationId = entry.OperationId });
            Assert.Equal((entry.CommittedChangeNanos, entry.Priced.CostNanos), (told.PriceLines.Sum(line => line.AmountNanos), told.CostLines.Sum(line => line.AmountNanos)));
            Assert.Contains(told.PriceLines, line => line.Why.Contains("5 %", StringComparison.Ordinal));
        }
        var last = await Operator.ExplainAsync(new ExplainRequest { OperationId = entries.Single(entry => entry.Final).OperationId });
        Assert.Equal(entries.Sum(entry => entry.CommittedChangeNanos), last.PriceLines.Sum(line => line.AmountNanos));
        Assert.Contains(last.Reasons, reason => reason.Contains("earlier commits had booked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_statement_adds_up_to_the_ledger_to_the_nano()
    {
        var key = await _server.CreateKeyAsync(Dollar);
        await PlanAsync("stated", """[{"rule": "markup", "percent": 33}]""");
        await Operator.SetAccountPricingAsync(new SetAccountPricingRequest { Account = key.Key.Account, Plans = { "stated" } });
        for (var i = 1; i <= 3; i++)
        {
            await using var call = await ReserveAsync(key.Secret);
            await call.CommitAsync(new UsageReport
            {
                Items = { new MeteredUsage { Meter = "input", Quantity = 7 * i }, new MeteredUsage { Meter = "input_cached", Quantity = 13 }, new MeteredUsage { Meter = "output", Quantity = i } },
                Terms = i == 3 ? new CallTerms { Tier = "batch" } : null,
            });
        }
        await using (var plain = await _server.Client.ReserveAsync(key.Secret, 5_000, new ReserveOptions { Model = "by-amount" })) await plain.CommitAsync(4_321);
        var month = DateTimeOffset.UtcNow.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        var rows = await AllAsync(Operator.StatementAsync(new StatementRequest { Accounts = { key.Key.Account }, Month = month }));
        var entries = await EntriesAsync(key.Key.Account);

        Assert.Equal(["/by-amount", "anthropic/claude-opus-4-8"], rows.Select(row => $"{row.Provider}/{row.Model}"));
        Assert.Equal(entries.Sum(entry => entry.CommittedChangeNanos), rows.Sum(row => row.PriceNanos));
        Assert.Equal(entries.Sum(entry => entry.Priced?.CostNanos ?? 0), rows.Sum(row => row.CostNanos));
        Assert.Equal((1L, 4_321L, 0L), (rows[0].Requests, rows[0].UncostedNanos, rows[0].MarginNanos));
        Assert.Equal((3L, 42 + 39L, 39L, 6L, 21 + 13 + 3L), (rows[1].Requests, rows[1].PromptTokens, rows[1].CachedTokens, rows[1].OutputTokens, rows[1].BatchTokens));
        Assert.Equal(rows[1].PriceNanos - rows[1].CostNanos, rows[1].MarginNanos);
        Assert.Empty(await AllAsync(Operator.StatementAsync(new StatementRequest { Accounts = { key.Key.Account }, Month = "2020-01" })));
    }

    [Fact]
    public async Task A_price_file_goes_over_rest_too_and_one_that_is_too_long_is_refused()
    {
        var body = new { file = Convert.ToBase64String(Card("book-rest", 1m, [.. Enumerable.Range(0, 2_000).Select(i => $"model-{i}")]).Span), seller = "book-rest" };
        var answer = await _server.Http.PostAsJsonAsync("/v1/prices/import", body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("2000 imported whole", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var versions = await _server.Http.GetStringAsync("/v1/prices/versions?seller=book-rest");
        Assert.Contains("book-rest", versions, StringComparison.Ordinal);
        var fault = await Assert.ThrowsAsync<EnforcerException>(() => Operator.ImportPricesAsync(new ImportPricesRequest { File = ByteString.CopyFrom(new byte[5 * 1024 * 1024]) }));
        Assert.Equal(GrpcStatus.ResourceExhausted, fault.Code);
    }

    private static ByteString Card(string seller, decimal price, params string[] models) => ByteString.CopyFromUtf8(string.Create(CultureInfo.InvariantCulture,
        $$"""
        {"seller": "{{seller}}", "unit": "USD", "models": [{{string.Join(',', models.Select(model => new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $$$"""{"provider": "maker", "model": "{{{model}}}", "rates": [{"meter": "input", "price": {{{price}}}, "per": 1000000}]}""")))}}]}
        """));

    private Task<PricePlanView> PlanAsync(string plan, string rules) => Operator.SetPricePlanAsync(new SetPricePlanRequest { Plan = plan, RulesJson = rules });

    private ValueTask<Reservation> ReserveAsync(string key) =>
        _server.Client.ReserveAsync(key, "claude-opus-4-8", new UsageEstimate { PromptTokens = 500, OutputTokens = 100, Terms = { new CallTerms(), new CallTerms { Tier = "batch" } } });

    private static UsageReport Used() => new() { Items = { new MeteredUsage { Meter = "input", Quantity = 200 } } };

    private static async Task<long> UseAsync(Reservation call) => (await call.CommitAsync(Used())).EnsureGranted().ChargedNanos;

    private Task<List<LedgerEntry>> EntriesAsync(string account) => AllAsync(Operator.QueryLedgerAsync(new QueryLedgerRequest { Account = account }));

    private static async Task<List<T>> AllAsync<T>(IAsyncEnumerable<T> stream)
    {
        var all = new List<T>();
        await foreach (var one in stream) all.Add(one);
        return all;
    }

    private static async Task InvalidAsync(string words, Func<Task> call)
    {
        var fault = await Assert.ThrowsAsync<EnforcerException>(call);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }
}
