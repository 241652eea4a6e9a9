using System.Net.Http.Headers;
using System.Net.Security;
using Enforcer.Client;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using Enforcer.Server.Options;

namespace Enforcer.Server.Tests.Support;

/// <summary>A whole server on free ports with a place for its data of its own, and everything that talks to it.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly Action<EnforcerServerOptions> _configure;
    private readonly SslClientAuthenticationOptions? _tls;
    private EnforcerServer? _server;

    private TestServer(TestPlace place, Action<EnforcerServerOptions>? configure, SslClientAuthenticationOptions? tls)
    {
        Place = place;
        _configure = configure ?? (_ => { });
        _tls = tls;
    }

    /// <summary>Where its data is; stays when it is stopped.</summary>
    public TestPlace Place { get; }

    public string AdminToken { get; private set; } = "";

    public string EdgeToken { get; private set; } = "";

    public EnforcerServer Server => _server ?? throw new InvalidOperationException("The server is stopped.");

    public EnforcerOperator Operator { get; private set; } = null!;

    public EnforcerClient Client { get; private set; } = null!;

    /// <summary>Calls as an edge, with full statuses.</summary>
    public GrpcChannel Edge { get; private set; } = null!;

    /// <summary>Calls as an admin, with full statuses.</summary>
    public GrpcChannel Admin { get; private set; } = null!;

    /// <summary>REST as an admin.</summary>
    public HttpClient Http { get; private set; } = null!;

    public static async Task<TestServer> StartAsync(Action<EnforcerServerOptions>? configure = null, SslClientAuthenticationOptions? tls = null)
    {
        var server = new TestServer(await TestPlace.NewAsync(), configure, tls);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts a server by itself, as a second process would.</summary>
    public static Task<EnforcerServer> StartOnAsync(Action<EnforcerServerOptions> configure)
    {
        var options = new EnforcerServerOptions { Grpc = "127.0.0.1:0", Http = "127.0.0.1:0" };
        configure(options);
        return EnforcerServer.StartAsync(options, TimeProvider.System);
    }

    /// <summary>Stops the server; its place stays.</summary>
    public async Task StopAsync()
    {
        if (_server is null) return;
        await Client.DisposeAsync();
        Operator.Dispose();
        Edge.Dispose();
        Admin.Dispose();
        Http.Dispose();
        await _server.DisposeAsync();
        _server = null;
    }

    public async Task StartAgainAsync()
    {
        _server = await StartOnAsync(options =>
        {
            Place.Configure(options);
            _configure(options);
        });
        if (AdminToken.Length == 0) AdminToken = Server.FirstAdminToken!;
        Operator = new EnforcerOperator(OptionsFor(AdminToken));
        if (EdgeToken.Length == 0) EdgeToken = await CreateTokenAsync(Role.Edge);
        Client = NewClient();
        Edge = ChannelFor(EdgeToken);
        Admin = ChannelFor(AdminToken);
        Http = new HttpClient(new SocketsHttpHandler { SslOptions = _tls ?? new() }) { BaseAddress = Server.Http };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);
    }

    public EnforcerClient NewClient() => new(OptionsFor(EdgeToken));

    public EnforcerClientOptions OptionsFor(string token) => new()
    {
        Endpoints = [Server.Grpc.GetLeftPart(UriPartial.Authority)],
        Token = token,
        Tls = _tls,
        // A database that is started again may take its time on a busy machine.
        Timeout = Patience.Limit,
        MaxRetries = 100,
    };

    public GrpcChannel ChannelFor(string token) =>
        new(Server.Grpc, new GrpcChannelOptions { Tls = _tls, Headers = new GrpcMetadata { { "authorization", "Bearer " + token } } });

    public async Task<string> CreateTokenAsync(Role role) =>
        (await Operator.CreateTokenAsync(new CreateTokenRequest { Role = role, Label = "test" })).Secret;

    /// <summary>A new account with a cap for its life, and its key.</summary>
    public Task<CreateKeyResponse> CreateKeyAsync(long capNanos = 1_000_000) =>
        Operator.CreateKeyAsync(new CreateKeyRequest { Limits = Caps.Life(capNanos) });

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Place.DisposeAsync();
    }
}
