using Enforcer.Cli.Tests.Support;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Tests.Commands;

public sealed class AccountsTests
{
    private const string Reservation = "01934c1e-7a00-7000-8000-00000000a001";

    [Fact]
    public async Task SetLimits_sends_all_limits_and_shows_what_changed()
    {
        await using var server = await FakeServer.StartAsync();
        server.On<GetAccountRequest>(_ => Accounts.Acme()).On<SetLimitsRequest>(_ => Accounts.Changed());
        using var cli = Support.Cli.For(server);
        var result = (await cli.RunAsync("accounts", "set-limits", "acme", "--cap", "$10", "--rpm", "none", "--reason", "asked")).Succeeded();

        Assert.Matches(@"life +\$5\.00 +→ +\$10\.00", result.Out);
        Assert.Matches(@"requests +600 a minute +→ +none", result.Out);
        Assert.DoesNotMatch(@"day \(Europe/Berlin\) .*→", result.Out);
        var request = server.Single<SetLimitsRequest>();
        Assert.Equal(("acme", "asked", 10 * Accounts.Dollar), (request.Account, request.Reason, request.Limits.Spend[0].CapNanos));
        Assert.Equal((Accounts.Dollar, "Europe/Berlin"), (request.Limits.Spend[1].CapNanos, request.Limits.Spend[1].Zone));
        Assert.Null(request.Limits.Requests);
        Assert.Equal(10, request.Limits.Concurrency);
        Assert.Equal(16, request.OperationId.Length);
    }

    [Theory]
    [InlineData("--cap", "5")]
    [InlineData("--cap", "9", "--dry-run")]
    public async Task SetLimits_sends_nothing_when_nothing_changes_or_on_a_dry_run(params string[] args)
    {
        await using var server = await FakeServer.StartAsync();
        server.On<GetAccountRequest>(_ => Accounts.Acme());
        using var cli = Support.Cli.For(server);
        (await cli.RunAsync(["accounts", "set-limits", "acme", .. args])).Succeeded();
        Assert.Empty(server.Requests.OfType<SetLimitsRequest>());
    }

    [Fact]
    public async Task SetLimits_needs_a_limit()
    {
        using var cli = new Support.Cli();
        (await cli.RunAsync("accounts", "set-limits", "acme")).FailedWith(2, "no limit is named");
        (await cli.RunAsync("accounts", "set-limits", "acme", "--cap", "5", "--zone", "Europe/Berlin")).FailedWith(2, "--zone");
    }

    [Fact]
    public async Task TopUp_reads_the_unit_first()
    {
        await using var server = await FakeServer.StartAsync();
        server.On<GetAccountRequest>(_ => Accounts.Acme()).On<TopUpRequest>(_ => Accounts.Changed());
        using var cli = Support.Cli.For(server);
        Assert.Contains("$5.00 added", (await cli.RunAsync("accounts", "topup", "acme", "$5")).Succeeded().Out, StringComparison.Ordinal);
        Assert.Equal(5 * Accounts.Dollar, server.Single<TopUpRequest>().AmountNanos);
        (await cli.RunAsync("accounts", "topup", "acme", "ACU 5")).FailedWith(2, "AMOUNT", "ACU", "USD");
        (await cli.RunAsync("accounts", "topup", "acme", "1.0000000001")).FailedWith(2, "nine decimals");
    }

    [Fact]
    public async Task A_refusal_exits_with_1_and_says_why()
    {
        await using var server = await FakeServer.StartAsync();
        server.On<ChangeRequest>(_ => new ChangeResponse
        {
            Outcome = new Outcome { Refusal = Refusal.Closed, Detail = new RefusalDetail { Message = "account acme is closed." } },
            Account = Accounts.Acme(),
        });
        using var cli = Support.Cli.For(server);
        Assert.Equal("", (await cli.RunAsync("accounts", "suspend", "acme")).FailedWith(1, "refused", "Closed", "acme is closed").Out);
        var json = (await cli.RunAsync("accounts", "resume", "acme", "--json")).FailedWith(1, "Closed").Json.Single();
        Assert.Equal("CLOSED", json.GetProperty("outcome").GetProperty("refusal").GetString());
    }

    [Fact]
    public async Task Suspend_and_resume()
    {
        await using var server = await FakeServer.StartAsync();
        server.On<ChangeRequest>(_ => Accounts.Changed());
        using var cli = Support.Cli.For(server);
        Assert.Contains("acme is suspended", (await cli.RunAsync("accounts", "suspend", "acme", "--reason", "runaway")).Succeeded().Out, StringComparison.Ordinal);
        Assert.Equal("runaway", server.Single<ChangeRequest>().Reason);
        Assert.Contains("active again", (await cli.RunAsync("accounts", "resume", "acme")).Succeeded().Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "acme\n", 0)]
    [InlineData(true, "y\n", 1)]
    [InlineData(false, "acme\n", 2)]
    public async Task Close_asks_for_the_name(bool isTerminal, string typed, int exitCode)
    {
        await using var server = await FakeServer.StartAsync();
        server.On<ChangeRequest>(_ => Accounts.Changed());
        using var cli = Support.Cli.For(server, isTerminal, typed);
        Assert.Equal(exitCode, (await cli.RunAsync("accounts", "close", "acme")).ExitCode);
        Assert.Equal(exitCode == 0 ? 1 : 0, server.Requests.Count);
    }

    [Fact]
    public async Task Close_with_yes_does_not_ask()
    {
        await using var server = await FakeServer.StartAsync();
        server.On<ChangeRequest>(_ => Accounts.Changed());
        using var cli = Support.Cli.For(server);
        (await cli.RunAsync("accounts", "close", "acme", "--yes")).Succeeded();
        Assert.Equal("acme", server.Single<ChangeRequest>().Account);
    }

    [Fact]
    public async Task What_is_too_much_is_told_in_the_accounts_unit()
    {
        await using var server = await FakeServer.StartAsync();
        var account = Accounts.Acme();
        account.Unit = "EUR";
        server.On<GetAccountRequest>(_ => account).On<ReverseRequest>(_ => new ChangeResponse
        {
            Outcome = new Outcome { Refusal = Refusal.ExceedsCommitted, Detail = new RefusalDetail { Message = "Ask for less.", ShortBy = 250_000_000 } },
            Account = account,
        });
        using var cli = Support.Cli.For(server);
        (await cli.RunAsync("accounts", "reverse", "acme", Reservation, "--amount", "0.50")).FailedWith(1, "ExceedsCommitted: Ask for less. It is 0.25 EUR too much.");
    }

    [Fact]
    public async Task Reverse_names_the_reservation()
    {
        await using var server = await FakeServer.StartAsync();
        server.On<GetAccountRequest>(_ => Accounts.Acme()).On<ReverseRequest>(_ => new ChangeResponse
        {
            Outcome = new Outcome { ChargedNanos = -250_000_000 },
            Account = Accounts.Acme(),
        });
        using var cli = Support.Cli.For(server);
        var result = (await cli.RunAsync("accounts", "reverse", "acme", Reservation, "--amount", "$0.25")).Succeeded();
        Assert.Contains("$0.25 given back", result.Out, StringComparison.Ordinal);
        var request = server.Single<ReverseRequest>();
        Assert.Equal(250_000_000, request.AmountNanos);
        Assert.Equal(Guid.Parse(Reservation), new Guid(request.ReservationId.Span, bigEndian: true));
        (await cli.RunAsync("accounts", "reverse", "acme", "not-an-id")).FailedWith(2, "RESERVATION", "hexadecimal");
        (await cli.RunAsync("accounts", "reverse", "acme", Reservation, "--amount", "0")).FailedWith(2, "--amount");
    }

    [Fact]
    public async Task List_show_and_create()
    {
        await using var server = await FakeServer.StartAsync();
        server
            .On<ListAccountsRequest>(request => request.After.Length == 0
                ? new ListAccountsResponse { Accounts = { Accounts.Acme() }, NextAfter = "acme" }
                : new ListAccountsResponse { Accounts = { new AccountView { Account = "beta", Unit = "ACU", CommittedNanos = 3 * Accounts.Dollar } } })
            .On<GetAccountRequest>(_ => Accounts.Acme())
            .On<CreateAccountRequest>(_ => Accounts.Acme());
        using var cli = Support.Cli.For(server);
        var list = (await cli.RunAsync("accounts", "list")).Succeeded();
        Assert.Matches(@"^acme +active +\$1\.20 +\$0\.30 +\$0\.50 +2$", list.Lines[1]);
        Assert.Matches(@"^beta +unknown +3 ACU +0 ACU +no cap +0$", list.Lines[2]);
        Assert.Equal(2, (await cli.RunAsync("accounts", "list", "--json")).Json.Length);

        var show = (await cli.RunAsync("accounts", "show", "acme")).Succeeded();
        Assert.Contains("$0.50 headroom of $1.00: $0.20 committed, $0.30 held; resets 2025-11-21 23:00:00Z", show.Out, StringComparison.Ordinal);
        Assert.Contains("598 available of 600, 600 a minute", show.Out, StringComparison.Ordinal);
        var json = (await cli.RunAsync("accounts", "show", "acme", "--json")).Json.Single();
        Assert.Equal(3_500_000_000, json.GetProperty("spend_limits")[0].GetProperty("headroom_nanos").GetInt64());
        Assert.Equal("CHARGE", json.GetProperty("on_expiry").GetString());

        (await cli.RunAsync("accounts", "create", "acme", "--cap", "ACU 3")).Succeeded();
        Assert.Equal(("acme", "ACU", 3 * Accounts.Dollar),
            (server.Single<CreateAccountRequest>().Account, server.Single<CreateAccountRequest>().Unit, server.Single<CreateAccountRequest>().Limits.Spend[0].CapNanos));
    }

    [Fact]
    public async Task What_the_server_says_is_passed_on()
    {
        await using var server = await FakeServer.StartAsync();
        server.On<GetAccountRequest>(_ => throw new GrpcStatusException(GrpcStatus.NotFound, "account 'nobody' does not exist."));
        using var cli = Support.Cli.For(server);
        (await cli.RunAsync("accounts", "show", "nobody")).FailedWith(1, "account 'nobody' does not exist.");
    }
}
