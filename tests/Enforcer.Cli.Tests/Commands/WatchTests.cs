using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Tests.Support;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Tests.Commands;

public sealed class WatchTests
{
    [Fact]
    public async Task A_pipe_gets_plain_lines()
    {
        await using var server = await StartAsync();
        using var cli = Support.Cli.For(server);
        var result = (await cli.RunAsync("watch", "acme", "beta", "--interval", "100ms")).Succeeded();
        Assert.EndsWith(
            "Z acme active; $1.20 committed, $0.30 held; life: $3.50 headroom of $5.00; day (Europe/Berlin): $0.50 headroom of $1.00; requests: 598 of 600; open: 2 of 10",
            result.Lines[0], StringComparison.Ordinal);
        Assert.Equal(2, result.Lines.Length);
        Assert.DoesNotContain('\e', result.Out);
        Assert.Equal(new WatchRequest { Accounts = { "acme", "beta" }, IntervalMs = 100 }, server.Single<WatchRequest>());
    }

    [Fact]
    public async Task Json_lines_for_scripts()
    {
        await using var server = await StartAsync();
        using var cli = Support.Cli.For(server);
        Assert.Equal(["acme", "beta"], (await cli.RunAsync("watch", "--json")).Succeeded().Json.Select(account => account.GetProperty("account").GetString()));
    }

    [Fact]
    public async Task A_terminal_gets_bars()
    {
        await using var server = await StartAsync();
        using var cli = Support.Cli.For(server, isTerminal: true);
        var result = (await cli.RunAsync("watch")).Succeeded();
        Assert.Contains("███████", result.Out, StringComparison.Ordinal);
        Assert.Contains("no spend cap", result.Out, StringComparison.Ordinal);
        Assert.Contains('\e', result.Out);
    }

    [Fact]
    public void Accounts_that_do_not_fit_are_counted()
    {
        using var output = new StringWriter();
        var terminal = new Terminal { Out = output, Error = TextWriter.Null, SettingsFolder = Path.GetTempPath() };
        var screen = new WatchScreen(terminal, "127.0.0.1:7070");
        for (var i = 0; i < 10; i++)
        {
            var account = Accounts.Acme();
            account.Account = $"account-{i}";
            screen.Add(account);
        }
        terminal.Human.Write(screen.Draw(lines: 15));
        Assert.Contains("account-9", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("account-8", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("account-7", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("8 more", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interval_below_its_bound_is_refused()
    {
        using var cli = new Support.Cli();
        (await cli.RunAsync("watch", "--interval", "10ms")).FailedWith(2, "--interval", "50ms");
    }

    private static async Task<FakeServer> StartAsync()
    {
        var server = await FakeServer.StartAsync();
        server.Changes.Add(new WatchResponse { Accounts = { Accounts.Acme() } });
        server.Changes.Add(new WatchResponse { Accounts = { new AccountView { Account = "beta", Unit = "ACU", Status = AccountStatus.AccountSuspended } } });
        return server;
    }
}
