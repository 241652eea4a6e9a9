using Enforcer.Client;
using Enforcer.Protocol.V1;
using Enforcer.Server.Tests.Support;

namespace Enforcer.Server.Tests;

/// <summary>Calls reserved by what they can use and committed by what they used, from the SDK to the ledger, at the prices that come with the server.</summary>
public sealed class PricedCallTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Opus = "claude-opus-4-8";
    private const long Dollar = 1_000_000_000;
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task Call_is_held_at_the_most_and_charged_at_what_it_used()
    {
        var key = await _server.CreateKeyAsync(Dollar);
        await using var call = await _server.Client.ReserveAsync(key.Secret, Opus, new UsageEstimate { PromptTokens = 1_000, OutputTokens = 500 });
        Assert.True(call.IsGranted, call.Refusal?.ToString());
        // The prompt as if it were all written to the dearest cache, $10 per million, and $25 for the answer.
        Assert.InRange(call.HeldNanos, 22_500_000, 22_500_010);
        Assert.Equal((500, 1_500), (call.OutputTokens, call.HeldTokens));

        var settled = await call.CommitAsync(new UsageReport
        {
            Items = { new MeteredUsage { Meter = "input", Quantity = 800 }, new MeteredUsage { Meter = "output", Quantity = 100 } },
            RequestId = "msg_01",
            LatencyMs = 1_234,
        });
        Assert.Equal((6_500_000, 6_500_000, true), (settled.ChargedNanos, settled.CostNanos, settled.IsGranted));

        var entry = await LastEntryAsync(key.Key.Account);
        Assert.Equal(("anthropic", Opus, 6_500_000L, 6_500_000L), (entry.Priced.Provider, entry.Priced.Model, entry.Priced.CostNanos, entry.Priced.PriceNanos));
        Assert.Equal(("msg_01", 1_234L, 900L), (entry.Priced.Usage.RequestId, entry.Priced.Usage.LatencyMs, entry.Tokens));
        Assert.StartsWith("1:", entry.Priced.PricePin, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Small_balance_grants_a_short_answer()
    {
        var key = await _server.CreateKeyAsync(20_000_000);
        await using var call = await _server.Client.ReserveAsync(
            key.Secret, Opus, new UsageEstimate { PromptTokens = 1_000, OutputTokens = 100_000, AtLeastOutputTokens = 1 });
        Assert.Equal(399, call.OutputTokens);
        await using var more = await _server.Client.ReserveAsync(key.Secret, Opus, new UsageEstimate { PromptTokens = 1_000, OutputTokens = 1 });
        Assert.Equal(Refusal.ExceedsSpendCapInFlight, more.Refusal!.Reason);
    }

    [Fact]
    public async Task Unknown_model_is_refused_with_the_names_that_are_near()
    {
        var key = await _server.CreateKeyAsync();
        var estimate = new UsageEstimate { PromptTokens = 10, OutputTokens = 10 };
        await using var call = await _server.Client.ReserveAsync(key.Secret, "claude-opus-4.8", estimate);
        Assert.Equal(Refusal.Unpriced, call.Refusal!.Reason);
        Assert.Equal(Opus, call.Refusal.Near[0]);
        Assert.Equal("model 'claude-opus-4.8' is not listed", call.Refusal.Limit);
        var request = EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), 0);
        (request.Model, request.Estimate) = ("claude-opus-4.8", estimate);
        Assert.Equal(Opus, (await _server.Edge.UnaryAsync(EdgeCalls.Reserve, request)).Detail.Near[0]);
    }

    [Fact]
    public async Task Commit_may_follow_its_reserve_in_one_batch_though_prices_must_be_fetched()
    {
        var key = await _server.CreateKeyAsync(Dollar);
        var account = EdgeCalls.Key(key.Secret);
        var reserve = new ReserveRequest
        {
            OperationId = EdgeCalls.NewId(),
            Account = account,
            Model = "claude-sonnet-4-6",
            Estimate = new UsageEstimate { PromptTokens = 100, OutputTokens = 100 },
        };
        var commit = EdgeCalls.CommitOf(reserve, 0);
        commit.Usage = new UsageReport { Items = { new MeteredUsage { Meter = "output", Quantity = 100 } } };
        var extend = new ExtendRequest
        {
            OperationId = EdgeCalls.NewId(),
            Account = account,
            ReservationId = reserve.OperationId,
            More = new UsageEstimate { OutputTokens = 50 },
        };
        var outcomes = await _server.Edge.SessionAsync(new Command { Reserve = reserve }, new Command { Extend = extend }, new Command { Commit = commit });
        Assert.All(outcomes, outcome => Assert.Equal(Refusal.Granted, outcome.Refusal));
        Assert.Equal((100, 150), (outcomes[0].OutputTokens, outcomes[1].OutputTokens));
        Assert.Equal((1_500_000, 1_500_000), (outcomes[2].ChargedNanos, outcomes[2].CostNanos));
        // The same operations again, one by one: the same answers.
        Assert.Equal(outcomes[0].OutputTokens, (await _server.Edge.UnaryAsync(EdgeCalls.Reserve, reserve)).OutputTokens);
        Assert.Equal(outcomes[2].CostNanos, (await _server.Edge.UnaryAsync(EdgeCalls.Commit, commit)).CostNanos);
    }

    [Fact]
    public async Task Commit_after_a_restart_finds_the_prices_that_its_reservation_was_made_with()
    {
        await using var server = await TestServer.StartAsync();
        var key = await server.CreateKeyAsync(Dollar);
        var reserve = new ReserveRequest
        {
            OperationId = EdgeCalls.NewId(),
            Account = EdgeCalls.Key(key.Secret),
            Model = Opus,
            Estimate = new UsageEstimate { PromptTokens = 1_000, OutputTokens = 500, Terms = { new CallTerms { Tier = "batch" } } },
        };
        Assert.Equal(Refusal.Granted, (await server.Edge.UnaryAsync(EdgeCalls.Reserve, reserve)).Refusal);
        await server.StopAsync();
        await server.StartAgainAsync();
        var commit = EdgeCalls.CommitOf(reserve, 0);
        commit.Usage = new UsageReport { Items = { new MeteredUsage { Meter = "input", Quantity = 1_000 } } };
        var outcome = await server.Edge.UnaryAsync(EdgeCalls.Commit, commit);
        Assert.Equal((Refusal.Granted, 2_500_000L), (outcome.Refusal, outcome.ChargedNanos));
    }

    [Theory]
    [InlineData("no model", "model")]
    [InlineData("amount too", "estimate")]
    [InlineData("wrong meter", "estimate.pools[0].meters[0]")]
    [InlineData("wrong tier", "estimate.terms[0].tier")]
    [InlineData("negative", "estimate.prompt_tokens")]
    [InlineData("a meter twice", "estimate")]
    public async Task Malformed_estimate_is_told_by_its_field(string what, string field)
    {
        var key = await _server.CreateKeyAsync();
        var request = EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), what == "amount too" ? 5 : 0);
        request.Model = what == "no model" ? "" : Opus;
        request.Estimate = new UsageEstimate { PromptTokens = what == "negative" ? -1 : 10, OutputTokens = 10 };
        if (what == "wrong meter") request.Estimate.Pools.Add(new UsagePool { Most = 1, Meters = { "inputs" } });
        if (what == "a meter twice") request.Estimate.Pools.Add(new UsagePool { Most = 1, Meters = { "input" } });
        if (what == "wrong tier") request.Estimate.Terms.Add(new CallTerms { Tier = "asap" });
        var fault = await Assert.ThrowsAsync<Grpc.GrpcStatusException>(async () => await _server.Edge.UnaryAsync(EdgeCalls.Reserve, request));
        Assert.Equal(Grpc.GrpcStatus.InvalidArgument, fault.Code);
        Assert.StartsWith(field, fault.Message, StringComparison.Ordinal);
        var told = (await _server.Edge.SessionAsync(new Command { Reserve = request }))[0];
        Assert.Equal((Refusal.Invalid, fault.Message), (told.Refusal, told.Detail.Message));
    }

    private async Task<LedgerEntry> LastEntryAsync(string account)
    {
        await foreach (var entry in _server.Operator.QueryLedgerAsync(new QueryLedgerRequest { Account = account, Limit = 1 })) return entry;
        throw new InvalidOperationException("The account has no entries.");
    }
}
