using Enforcer.Cli.Tests.Support;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Tests.Commands;

public sealed class TryTests
{
    private const string Key = "enf_live_0123456789";

    [Fact]
    public async Task A_granted_call_is_told_in_words()
    {
        await using var server = await StartAsync();
        using var cli = Support.Cli.For(server);
        var result = (await cli.RunAsync("try", Key, "--amount", "$0.01", "--commit", "$0.004", "--model", "gpt-5.5", "--tokens", "12")).Succeeded();
        Assert.Contains("Reserve $0.01  granted  $0.01 is held for this call; $4.99 is left.", result.Out, StringComparison.Ordinal);
        Assert.Contains("Commit  $0.004  granted  $0.004 is charged", result.Out, StringComparison.Ordinal);
        var reserve = server.Single<ReserveRequest>();
        Assert.Equal((Key, 10_000_000L, "gpt-5.5", 12L), (reserve.Account.Key, reserve.AmountNanos, reserve.Model, reserve.Tokens));
        var commit = server.Single<CommitRequest>();
        Assert.Equal((reserve.OperationId, 4_000_000L, true), (commit.ReservationId, commit.AmountNanos, commit.Final));
    }

    [Theory]
    [InlineData(4_000_000, "$0.004 is charged; the rest of the hold is free again; $4.996 is left.")]
    [InlineData(10_000_000, "$0.01 is charged, all that was held; $4.99 is left.")]
    [InlineData(15_000_000, "$0.015 is charged, $0.005 more than was held; $4.985 is left.")]
    public async Task What_is_charged_is_told_beside_what_was_held(long chargedNanos, string said)
    {
        await using var server = await StartAsync();
        server.On<CommitRequest>(_ => new Outcome { ChargedNanos = chargedNanos, HeadroomNanos = 5_000_000_000 - chargedNanos });
        using var cli = Support.Cli.For(server);
        var result = (await cli.RunAsync("try", Key, "--amount", "$0.01", "--commit", "$0.004")).Succeeded();
        Assert.Contains(said, result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_can_be_named_instead_of_a_key()
    {
        await using var server = await StartAsync();
        using var cli = Support.Cli.For(server);
        (await cli.RunAsync("try", "acme", "--amount", "0.01")).Succeeded();
        Assert.Equal("acme", server.Single<ReserveRequest>().Account.Account);
        Assert.Equal(10_000_000, server.Single<CommitRequest>().AmountNanos);
    }

    [Fact]
    public async Task A_refusal_exits_with_1_and_commits_nothing()
    {
        await using var server = await StartAsync();
        server.On<ReserveRequest>(_ => new Outcome
        {
            Refusal = Refusal.ExceedsSpendCap,
            Detail = new RefusalDetail { Account = "acme", Limit = "life", ShortBy = 10_000_000, InFlight = 4_000_000, Message = "The cap is short.", RetryAfterMs = 1500 },
        });
        using var cli = Support.Cli.For(server);
        var result = (await cli.RunAsync("try", Key, "--amount", "$0.01")).FailedWith(1);
        Assert.Contains(
            "refused  ExceedsSpendCap (life): The cap is short. $0.01 is missing, and open reservations hold $0.004 of that. Try again in 1.5 s.",
            result.Out, StringComparison.Ordinal);
        Assert.Empty(server.Requests.OfType<CommitRequest>());

        var json = (await cli.RunAsync("try", Key, "--amount", "$0.01", "--json")).FailedWith(1).Json.Single();
        Assert.Equal("EXCEEDS_SPEND_CAP", json.GetProperty("refusal").GetString());
    }

    [Fact]
    public async Task Json_has_one_line_a_command()
    {
        await using var server = await StartAsync();
        using var cli = Support.Cli.For(server);
        var json = (await cli.RunAsync("try", Key, "--amount", "$0.01", "--commit", "$0.004", "--json")).Succeeded().Json;
        Assert.Equal(["reserve", "commit"], json.Select(line => line.GetProperty("command").GetString()));
        Assert.Equal(4_000_000, json[1].GetProperty("charged_nanos").GetInt64());
    }

    [Theory]
    [InlineData("--amount", "0")]
    [InlineData("--amount", "1.2345678901")]
    [InlineData("--commit", "1")]
    public async Task Amounts_are_checked(string option, string value)
    {
        using var cli = new Support.Cli();
        (await cli.RunAsync("try", Key, option, value)).FailedWith(2, "--amount");
    }

    private static async Task<FakeServer> StartAsync()
    {
        var server = await FakeServer.StartAsync();
        return server
            .On<GetRequest>(_ => new GetResponse { Account = Accounts.Acme() })
            .On<ReserveRequest>(request => new Outcome
            {
                HeldNanos = request.AmountNanos,
                HeadroomNanos = 4_990_000_000,
                ExpiresAtMs = DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeMilliseconds(),
            })
            .On<CommitRequest>(request => new Outcome { ChargedNanos = request.AmountNanos, HeadroomNanos = 4_996_000_000 });
    }
}
