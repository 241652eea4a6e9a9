using System.Net.Http.Headers;
using Enforcer.Client;
using Enforcer.Edge.Options;
using Enforcer.Protocol.V1;
using Enforcer.Server;
using Enforcer.Server.Options;
using Enforcer.SimulatedUpstream;

namespace Enforcer.Edge.Tests.Support;

/// <summary>A whole house in this process: a server, a simulated upstream and an edge between them, each with a folder or a port of its own.</summary>
public sealed class World : IAsyncDisposable
{
    public const string Secret = "upstream-secret";
    private readonly string _folder = Directory.CreateTempSubdirectory("enforcer-edge-").FullName;
    private readonly Action<EdgeOptions> _configure;
    private EnforcerServer? _server;
    private string _grpc = "127.0.0.1:0";

    private World(Action<EdgeOptions>? configure) => _configure = configure ?? (_ => { });

    /// <summary>The edge's own token.</summary>
    public string Token { get; private set; } = "";

    /// <summary>Where the server is reached.</summary>
    public string Server => _grpc;

    public UpstreamServer Upstream { get; private set; } = null!;

    public EdgeServer Edge { get; private set; } = null!;

    public EnforcerOperator Operator { get; private set; } = null!;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience.Limit };

    public static async Task<World> StartAsync(Action<EdgeOptions>? configure = null, UpstreamOptions? upstream = null)
    {
        var world = new World(configure)
        {
            Upstream = await UpstreamServer.StartAsync((upstream ?? new UpstreamOptions()) with { Listen = "127.0.0.1:0", Secret = Secret }),
        };
        await world.StartServerAsync();
        var admin = new EnforcerClientOptions { Endpoints = [world._grpc], Token = world._server!.FirstAdminToken!, Timeout = Patience.Limit };
        world.Operator = new EnforcerOperator(admin);
        world.Token = (await world.Operator.CreateTokenAsync(new CreateTokenRequest { Role = Role.Edge, Label = "edge" })).Secret;
        await world.StartEdgeAsync();
        return world;
    }

    public async Task StartServerAsync()
    {
        _server = await EnforcerServer.StartAsync(
            new EnforcerServerOptions { Data = Path.Combine(_folder, "server"), Grpc = _grpc.Replace("http://", ""), Http = "127.0.0.1:0" }, TimeProvider.System);
        _grpc = _server.Grpc.GetLeftPart(UriPartial.Authority);
    }

    public async Task StopServerAsync()
    {
        await _server!.DisposeAsync();
        _server = null;
    }

    public async Task StartEdgeAsync()
    {
        var options = new EdgeOptions { Listen = "127.0.0.1:0", Watch = "127.0.0.1:0", Enforcer = _grpc, Token = Token, Data = Path.Combine(_folder, "edge"), EnforcerTimeoutMs = 5_000 };
        foreach (var protocol in new[] { "openai", "anthropic" })
        {
            options.Upstreams.Add(new UpstreamSettings
            {
                Name = protocol,
                Protocol = protocol,
                Provider = protocol,
                Url = Upstream.Address.GetLeftPart(UriPartial.Authority),
                Secret = Secret,
            });
        }
        _configure(options);
        Edge = await EdgeServer.StartAsync(options, TimeProvider.System);
    }

    /// <summary>A new account with a cap for its life, and its key.</summary>
    public Task<CreateKeyResponse> CreateKeyAsync(long capNanos, Action<Limits>? limit = null)
    {
        var limits = new Limits { Spend = { new SpendLimit { Window = SpendWindow.Life, CapNanos = capNanos } } };
        limit?.Invoke(limits);
        return Operator.CreateKeyAsync(new CreateKeyRequest { Limits = limits });
    }

    public Task<AccountView> ViewAsync(CreateKeyResponse key) => Operator.GetAccountAsync(new GetAccountRequest { Account = key.Key.Account });

    /// <summary>The account as it stands when nothing is open any more.</summary>
    public async Task<AccountView> SettledAsync(CreateKeyResponse key)
    {
        await Patience.UntilAsync(async () => (await ViewAsync(key)).OpenReservations == 0 && Edge.OpenCalls == 0, "the settlement of all calls");
        return await ViewAsync(key);
    }

    /// <summary>The entries of an account, oldest first.</summary>
    public async Task<List<LedgerEntry>> LedgerAsync(CreateKeyResponse key)
    {
        var entries = new List<LedgerEntry>();
        await foreach (var entry in Operator.QueryLedgerAsync(new QueryLedgerRequest { Account = key.Key.Account }))
            entries.Insert(0, entry);
        return entries;
    }

    /// <summary>Sends JSON to the edge as the customer of a key, the way the path's provider has it.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, string key, string json, CancellationToken cancellation = default) =>
        PostAsync(Edge.Address, path, key, json, cancellation);

    /// <summary>Sends JSON to another edge.</summary>
    public Task<HttpResponseMessage> PostAsync(Uri edge, string path, string key, string json, CancellationToken cancellation = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(edge, path)) { Content = new StringContent(json, new MediaTypeHeaderValue("application/json")) };
        if (path.StartsWith("/v1/messages", StringComparison.Ordinal))
            request.Headers.Add("x-api-key", key);
        else
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Edge.DisposeAsync();
        await Upstream.DisposeAsync();
        Operator.Dispose();
        if (_server is not null)
            await StopServerAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
