using Enforcer.Client;
using Enforcer.Foreign;
using Enforcer.Protocol.V1;
using Enforcer.Server.Options;

namespace Enforcer.Server.Foreign.Tests;

/// <summary>The edge service as clients of other makers see it: Node with @grpc/grpc-js, Python with grpcio.</summary>
[Trait("needs", "foreign")]
public sealed class ForeignEdgeTests : IAsyncLifetime
{
    private readonly string _data = Path.Combine(Path.GetTempPath(), "enforcer-foreign-" + Guid.NewGuid().ToString("N"));
    private EnforcerServer? _server;
    private string _token = "";
    private string _account = "";
    private string _key = "";

    public static TheoryData<string, string> Scenarios
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var language in new[] { "node", "python" })
            {
                foreach (var scenario in new[] { "unary", "refusal", "session", "deadline", "cancel", "oversize", "malformed", "wrong_token" })
                    all.Add(language, scenario);
            }
            return all;
        }
    }

    public async Task InitializeAsync()
    {
        _server = await EnforcerServer.StartAsync(
            new EnforcerServerOptions { Data = _data, Grpc = "127.0.0.1:0", Http = "127.0.0.1:0" }, TimeProvider.System);
        using var operators = new EnforcerOperator(new EnforcerClientOptions { Endpoints = [_server.Grpc.ToString()], Token = _server.FirstAdminToken! });
        var key = await operators.CreateKeyAsync(new CreateKeyRequest
        {
            Limits = new Limits { Spend = { new SpendLimit { Window = SpendWindow.Life, CapNanos = 1_000_000_000 } } },
        });
        _key = key.Secret;
        _account = key.Key.Account;
        _token = (await operators.CreateTokenAsync(new CreateTokenRequest { Role = Role.Edge, Label = "foreign" })).Secret;
    }

    public async Task DisposeAsync()
    {
        await _server!.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public Task A_client_of_another_maker_gets_what_the_protos_promise(string language, string scenario) => ForeignPeer.RunAsync(
        language, "edge_client", ForeignPeer.Schema(EdgeReflection.Descriptor), scenario, _server!.Grpc.Authority, _token, _account, _key);
}
