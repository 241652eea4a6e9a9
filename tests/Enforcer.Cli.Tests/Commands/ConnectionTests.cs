using Enforcer.Cli.Connection;
using Enforcer.Cli.Tests.Support;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Tests.Commands;

public sealed class ConnectionTests
{
    // Port 1 of the loopback is never listened on by tests.
    private const string Nobody = "127.0.0.1:1";

    [Theory]
    [InlineData("127.0.0.1:7070", "http://127.0.0.1:7070/")]
    [InlineData("localhost", "http://localhost/")]
    [InlineData("https://enforcer.example.com:7070", "https://enforcer.example.com:7070/")]
    public void Addresses(string text, string uri)
    {
        Assert.True(ServerAddress.TryParse(text, out var address, out _));
        Assert.Equal(uri, address.AbsoluteUri);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ftp://host")]
    [InlineData("http://host/path")]
    [InlineData("host:port")]
    [InlineData("http://user:secret@host")]
    public void What_is_no_address(string text) => Assert.False(ServerAddress.TryParse(text, out _, out _));

    [Fact]
    public async Task Without_a_token_it_says_how_to_get_one()
    {
        using var cli = new Support.Cli();
        (await cli.RunAsync("keys", "list")).FailedWith(1, "no token", "enforcer login", "ENFORCER_TOKEN", "--token");
    }

    [Fact]
    public async Task Without_a_server_it_says_how_to_start_one()
    {
        using var cli = new Support.Cli();
        (await cli.RunAsync("keys", "list", "--token", "t", "--server", Nobody)).FailedWith(1, Nobody, "enforcer serve");
        (await cli.RunAsync("health", "--server", Nobody)).FailedWith(1, Nobody, "enforcer serve");
    }

    [Fact]
    public async Task A_wrong_token_is_said_so()
    {
        await using var server = await FakeServer.StartAsync();
        using var cli = new Support.Cli();
        (await cli.RunAsync("keys", "list", "--token", "wrong", "--server", server.Authority)).FailedWith(1, "does not accept the token");
    }

    [Fact]
    public async Task A_wrong_address_is_a_wrong_command_line()
    {
        using var cli = new Support.Cli();
        (await cli.RunAsync("keys", "list", "--server", "ftp://x")).FailedWith(2, "--server", "'ftp://x'");
        cli.Variables["ENFORCER_SERVER"] = "a b";
        (await cli.RunAsync("keys", "list")).FailedWith(2, "ENFORCER_SERVER", "'a b'");
    }

    [Theory]
    [InlineData("enf_admin_test", null)]
    [InlineData(null, "enf_admin_test\n")]
    public async Task A_login_is_used_by_later_commands(string? argument, string? piped)
    {
        await using var server = await FakeServer.StartAsync();
        server.On<ListAccountsRequest>(_ => new ListAccountsResponse());
        using var cli = new Support.Cli { Typed = piped ?? "" };
        string[] token = argument is null ? [] : ["--token", argument];
        (await cli.RunAsync(["login", "--server", server.Authority, .. token])).Succeeded();
        (await cli.RunAsync("accounts", "list", "--server", server.Authority)).Succeeded();

        (await cli.RunAsync("logout", "--server", server.Authority)).Succeeded();
        (await cli.RunAsync("accounts", "list", "--server", server.Authority)).FailedWith(1, "no token");
    }

    [Fact]
    public async Task A_token_that_the_server_does_not_know_is_not_stored()
    {
        await using var server = await FakeServer.StartAsync();
        using var cli = new Support.Cli();
        (await cli.RunAsync("login", "--server", server.Authority, "--token", "wrong")).FailedWith(1, "does not accept the token");
        Assert.False(Directory.Exists(Path.Combine(cli.Settings, "enforcer")));
    }

    [Fact]
    public async Task An_edges_token_can_be_stored_too()
    {
        await using var server = await FakeServer.StartAsync();
        server.On<ListAccountsRequest>(_ => throw new GrpcStatusException(GrpcStatus.PermissionDenied, "needs the role viewer."));
        using var cli = new Support.Cli();
        (await cli.RunAsync("login", "--server", server.Authority, "--token", FakeServer.Token)).Succeeded();
    }

    [Fact]
    public async Task Logins_are_for_the_user_alone()
    {
        if (OperatingSystem.IsWindows())
            return;
        await using var server = await FakeServer.StartAsync();
        server.On<ListAccountsRequest>(_ => new ListAccountsResponse());
        using var cli = new Support.Cli();
        (await cli.RunAsync("login", "--server", server.Authority, "--token", FakeServer.Token)).Succeeded();
        var file = Path.Combine(cli.Settings, "enforcer", "logins.json");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(file)!));

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        (await cli.RunAsync("accounts", "list", "--server", server.Authority)).FailedWith(1, "chmod 600");
    }

    [Fact]
    public async Task Health_needs_no_token()
    {
        await using var server = await FakeServer.StartAsync();
        using var cli = new Support.Cli();
        server.Health.Set("", HealthStatus.Serving);
        Assert.Contains("serving", (await cli.RunAsync("health", "--server", server.Authority)).Succeeded().Out, StringComparison.Ordinal);
        Assert.True((await cli.RunAsync("health", "--server", server.Authority, "--json")).Json.Single().GetProperty("serving").GetBoolean());
        server.Health.Set("", HealthStatus.NotServing);
        (await cli.RunAsync("health", "--server", server.Authority)).FailedWith(1, "not serving");
    }
}
