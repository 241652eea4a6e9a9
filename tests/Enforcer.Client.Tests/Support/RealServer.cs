using Enforcer.Protocol.V1;
using Enforcer.Server;
using Enforcer.Server.Options;

namespace Enforcer.Client.Tests.Support;

/// <summary>A whole server on loopback with a data folder of its own. It keeps its ports when it is started again.</summary>
public sealed class RealServer : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enforcer-client-").FullName;
    private EnforcerServer? _server;

    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    public EnforcerOperator Operator { get; private set; } = null!;

    public string EdgeToken { get; private set; } = "";

    private EnforcerServer Running => _server ?? throw new InvalidOperationException("The server is stopped.");

    public async Task InitializeAsync()
    {
        await StartAsync();
        Operator = new EnforcerOperator(OptionsFor(Running.FirstAdminToken!));
        EdgeToken = await CreateTokenAsync(Role.Edge);
    }

    public async Task StartAsync()
    {
        var options = new EnforcerServerOptions { Data = _folder, Grpc = Address.Authority, Http = "127.0.0.1:0" };
        _server = await EnforcerServer.StartAsync(options, TimeProvider.System);
        Address = new Uri(Running.Grpc.GetLeftPart(UriPartial.Authority));
    }

    public async Task StopAsync()
    {
        await Running.DisposeAsync();
        _server = null;
    }

    public EnforcerClientOptions OptionsFor(string token) => FakeServer.OptionsFor(Address, options => options.Token = token);

    public EnforcerClient Connect(Action<EnforcerClientOptions>? change = null)
    {
        var options = OptionsFor(EdgeToken);
        change?.Invoke(options);
        return new(options);
    }

    public async Task<string> CreateTokenAsync(Role role) => (await Operator.CreateTokenAsync(new() { Role = role, Label = "test" })).Secret;

    /// <summary>A new account with these limits, and its key.</summary>
    public Task<CreateKeyResponse> CreateKeyAsync(Limits limits) => Operator.CreateKeyAsync(new() { Limits = limits });

    /// <summary>A new account with a cap for its life, and its key.</summary>
    public Task<CreateKeyResponse> CreateKeyAsync(long capNanos) => CreateKeyAsync(Cap(capNanos));

    public Task<AccountView> ViewAsync(CreateKeyResponse key) => Operator.GetAccountAsync(new() { Account = key.Key.Account });

    public static Limits Cap(long capNanos) => new() { Spend = { new SpendLimit { Window = SpendWindow.Life, CapNanos = capNanos } } };

    public async Task DisposeAsync()
    {
        Operator.Dispose();
        if (_server is not null)
            await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
