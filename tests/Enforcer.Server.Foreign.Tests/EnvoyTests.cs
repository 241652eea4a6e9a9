using Enforcer.Client;
using Enforcer.Foreign;
using Enforcer.Protocol.Envoy;
using Enforcer.Protocol.V1;
using Enforcer.Server.Options;

namespace Enforcer.Server.Foreign.Tests;

/// <summary>Envoy's rate limit service, asked by Python's grpcio with Envoy's own names and numbers. Each scenario has a server and an account of its own.</summary>
[Trait("needs", "foreign")]
public sealed class EnvoyTests : IAsyncLifetime
{
    private readonly string _data = Path.Combine(Path.GetTempPath(), "enforcer-envoy-" + Guid.NewGuid().ToString("N"));
    private EnforcerServer? _server;
    private CreateKeyResponse _key = new();
    private string _token = "";

    public async Task InitializeAsync()
    {
        var options = new EnforcerServerOptions { Data = _data, Grpc = "127.0.0.1:0", Http = "127.0.0.1:0" };
        options.Envoy.Add(new EnvoyRule { Domain = "paid", Entry = "customer", Names = "account", Hits = "tokens", HitNanos = 100 });
        options.Envoy.Add(new EnvoyRule { Domain = "llm", Entry = "api_key" });
        options.Envoy.Add(new EnvoyRule { Entry = "customer", Names = "account", Hits = "tokens" });
        _server = await EnforcerServer.StartAsync(options, TimeProvider.System);
        using var operators = new EnforcerOperator(new EnforcerClientOptions { Endpoints = [_server.Grpc.ToString()], Token = _server.FirstAdminToken! });
        _token = (await operators.CreateTokenAsync(new CreateTokenRequest { Role = Role.Edge, Label = "envoy" })).Secret;
        _key = await operators.CreateKeyAsync(new CreateKeyRequest { Limits = Slow });
    }

    public async Task DisposeAsync()
    {
        await _server!.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Theory]
    [InlineData("requests")]
    [InlineData("several")]
    [InlineData("tokens")]
    [InlineData("looking")]
    [InlineData("together")]
    [InlineData("money")]
    [InlineData("strangers")]
    [InlineData("malformed")]
    public Task An_envoy_gets_what_its_api_promises(string scenario) => ForeignPeer.RunAsync(
        "python", "envoy_client", ForeignPeer.Schema(RlsReflection.Descriptor), scenario, _server!.Grpc.Authority, _token, _key.Key.Account, _key.Secret);

    /// <summary>So slow that nothing comes back while a test runs.</summary>
    private static Limits Slow => new()
    {
        Spend = { new SpendLimit { Window = SpendWindow.Life, CapNanos = 1_000 } },
        Requests = new RateLimit { PerMinute = 1, Burst = 5 },
        Tokens = new RateLimit { PerMinute = 1, Burst = 1_000 },
    };
}
