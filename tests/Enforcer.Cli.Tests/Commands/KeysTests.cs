using Enforcer.Cli.Tests.Support;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Tests.Commands;

public sealed class KeysTests
{
    private const string Secret = "enf_live_0123456789";

    [Fact]
    public async Task Create_sends_the_limits_and_shows_the_secret()
    {
        await using var server = await FakeServer.StartAsync();
        server.On<CreateKeyRequest>(_ => new CreateKeyResponse { Secret = Secret, Key = Accounts.Key() });
        using var cli = Support.Cli.For(server);
        var result = (await cli.RunAsync(
            "keys", "create", "--cap", "$5", "--daily", "1", "--zone", "Europe/Berlin", "--model-cap", "gpt-5.5*=$2", "--tag-cap", "batch=1/week",
            "--rpm", "600", "--tpm", "100000:5000", "--concurrency", "10", "--on-expiry", "release", "--label", "production")).Succeeded();

        Assert.Equal(Secret, result.Lines[0]);
        Assert.Contains("$5.00", result.Out, StringComparison.Ordinal);
        var request = server.Single<CreateKeyRequest>();
        Assert.Equal(("", "USD", "production"), (request.Account, request.Unit, request.Label));
        Assert.Equal(
            new Limits
            {
                Spend =
                {
                    new SpendLimit { Window = SpendWindow.Life, CapNanos = 5 * Accounts.Dollar },
                    new SpendLimit { Window = SpendWindow.Day, CapNanos = Accounts.Dollar, Zone = "Europe/Berlin" },
                    new SpendLimit { Window = SpendWindow.Life, CapNanos = 2 * Accounts.Dollar, ModelPattern = "gpt-5.5*" },
                    new SpendLimit { Window = SpendWindow.Week, CapNanos = Accounts.Dollar, Tag = "batch", Zone = "Europe/Berlin" },
                },
                Requests = new RateLimit { PerMinute = 600 },
                Tokens = new RateLimit { PerMinute = 100_000, Burst = 5_000 },
                Concurrency = 10,
                OnExpiry = ExpiryPolicy.Release,
            },
            request.Limits);
    }

    [Fact]
    public async Task Create_takes_the_unit_from_the_amounts()
    {
        await using var server = await FakeServer.StartAsync();
        server.On<CreateKeyRequest>(_ => new CreateKeyResponse { Secret = Secret, Key = Accounts.Key() });
        using var cli = Support.Cli.For(server);
        (await cli.RunAsync("keys", "create", "--cap", "ACU 3")).Succeeded();
        Assert.Equal("ACU", server.Single<CreateKeyRequest>().Unit);
        (await cli.RunAsync("keys", "create", "--unit", "ACU", "--cap", "$3")).FailedWith(2, "--cap", "USD", "ACU");
    }

    [Fact]
    public async Task Create_with_quiet_writes_the_secret_alone()
    {
        await using var server = await FakeServer.StartAsync();
        server.On<CreateKeyRequest>(_ => new CreateKeyResponse { Secret = Secret, Key = Accounts.Key() });
        using var cli = Support.Cli.For(server);
        var result = (await cli.RunAsync("keys", "create", "--account", "acme", "--quiet")).Succeeded();
        Assert.Equal(Secret + "\n", result.Out);
        Assert.Null(server.Single<CreateKeyRequest>().Limits);
    }

    [Fact]
    public async Task Create_points_out_a_cap_of_0()
    {
        await using var server = await FakeServer.StartAsync();
        server.On<CreateKeyRequest>(_ => new CreateKeyResponse { Secret = Secret, Key = Accounts.Key() });
        using var cli = Support.Cli.For(server);
        Assert.Contains("'$50'", (await cli.RunAsync("keys", "create", "--cap", "0")).Succeeded().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_as_json()
    {
        await using var server = await FakeServer.StartAsync();
        server.On<CreateKeyRequest>(_ => new CreateKeyResponse { Secret = Secret, Key = Accounts.Key() });
        using var cli = Support.Cli.For(server);
        var json = Assert.Single((await cli.RunAsync("keys", "create", "--cap", "5", "--json")).Succeeded().Json);
        Assert.Equal(Secret, json.GetProperty("secret").GetString());
        Assert.Equal("key_1", json.GetProperty("key").GetProperty("key_id").GetString());
        Assert.Equal(1_763_700_000_000, json.GetProperty("key").GetProperty("created_at_ms").GetInt64());
    }

    [Fact]
    public async Task List_reads_all_pages()
    {
        await using var server = await FakeServer.StartAsync();
        server.On<ListKeysRequest>(request => request.After.Length == 0
            ? new ListKeysResponse { Keys = { Accounts.Key() }, NextAfter = "key_1" }
            : new ListKeysResponse { Keys = { new KeyView { KeyId = "key_2", Account = "beta", Label = "\e[31mred", RevokedAtMs = 1 } } });
        using var cli = Support.Cli.For(server);
        var result = (await cli.RunAsync("keys", "list")).Succeeded();
        Assert.Equal(3, result.Lines.Length);
        Assert.Contains("revoked", result.Lines[2], StringComparison.Ordinal);
        Assert.DoesNotContain('\e', result.Out);
        Assert.Equal(["key_1", "key_2"], (await cli.RunAsync("keys", "list", "--json")).Json.Select(key => key.GetProperty("key_id").GetString()));
    }

    [Fact]
    public async Task Show_rotate_and_revoke()
    {
        await using var server = await FakeServer.StartAsync();
        server
            .On<GetKeyRequest>(_ => Accounts.Key())
            .On<GetAccountRequest>(_ => Accounts.Acme())
            .On<RotateKeyRequest>(_ => new CreateKeyResponse { Secret = Secret, Key = Accounts.Key() })
            .On<RevokeKeyRequest>(_ => Accounts.Key());
        using var cli = Support.Cli.For(server);
        Assert.Contains("$3.50 headroom of $5.00", (await cli.RunAsync("keys", "show", "key_1")).Succeeded().Out, StringComparison.Ordinal);
        Assert.Equal(Secret, (await cli.RunAsync("keys", "rotate", "key_1", "--overlap", "1h")).Succeeded().Lines[0]);
        Assert.Equal(3_600_000, server.Single<RotateKeyRequest>().OverlapMs);
        Assert.Contains("revoked", (await cli.RunAsync("keys", "revoke", "key_1")).Succeeded().Out, StringComparison.Ordinal);
        (await cli.RunAsync("keys", "rotate", "key_1", "--overlap", "0s")).FailedWith(2, "--overlap");
    }

    [Fact]
    public async Task Tokens()
    {
        await using var server = await FakeServer.StartAsync();
        var token = new TokenView { TokenId = "tok_1", Role = Role.Edge, ShownPrefix = "enf_edge_abcd", Label = "gateway" };
        server
            .On<CreateTokenRequest>(_ => new CreateTokenResponse { Secret = "enf_edge_secret", Token = token })
            .On<ListTokensRequest>(_ => new ListTokensResponse { Tokens = { token } })
            .On<RevokeTokenRequest>(_ => token);
        using var cli = Support.Cli.For(server);
        Assert.Equal("enf_edge_secret", (await cli.RunAsync("tokens", "create", "--role", "edge")).Succeeded().Lines[0]);
        Assert.Equal(Role.Edge, server.Single<CreateTokenRequest>().Role);
        Assert.Equal("enf_edge_secret\n", (await cli.RunAsync("tokens", "create", "--role", "edge", "--quiet")).Succeeded().Out);
        Assert.Contains("gateway", (await cli.RunAsync("tokens", "list")).Succeeded().Lines[1], StringComparison.Ordinal);
        Assert.Equal("EDGE", (await cli.RunAsync("tokens", "list", "--json")).Json.Single().GetProperty("role").GetString());
        Assert.Contains("revoked", (await cli.RunAsync("tokens", "revoke", "tok_1")).Succeeded().Out, StringComparison.Ordinal);
    }
}
