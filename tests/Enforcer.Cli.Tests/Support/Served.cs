namespace Enforcer.Cli.Tests.Support;

/// <summary>A real server, started by <c>enforcer serve</c> on free ports, and a CLI that is logged in to it.</summary>
internal sealed class Served : IAsyncDisposable
{
    private CancellationTokenSource _ctrlC = new();
    private readonly LineWatcher _said = new();
    private Task<CliResult> _running = Task.FromResult(new CliResult(0, "", ""));

    public Cli Cli { get; } = new();

    /// <summary>The folder that is served.</summary>
    public string Data { get; set; }

    /// <summary>The admin token, if the server showed one.</summary>
    public string? Token { get; private set; }

    private Served() => Data = Path.Combine(Cli.Settings, "data");

    public static async Task<Served> StartAsync(params string[] options)
    {
        var served = new Served();
        await served.ServeAsync(options);
        return served;
    }

    /// <summary>Starts a server on the folder, for the first time or again; then where it was before.</summary>
    public async Task ServeAsync(params string[] options)
    {
        var grpc = Cli.Variables.GetValueOrDefault("ENFORCER_SERVER", "127.0.0.1:0");
        _ctrlC.Dispose();
        _ctrlC = new CancellationTokenSource();
        _running = Cli.RunAsync(["serve", "--data", Data, "--grpc", grpc, "--http", "127.0.0.1:0", .. options], _ctrlC.Token, _said);
        var started = _said.AfterAsync("  gRPC");
        if (await Task.WhenAny(started, _running) == _running)
            Assert.Fail((await _running).Error);
        Cli.Variables["ENFORCER_SERVER"] = await started;
    }

    /// <summary>A key of a new account with a cap of 5.</summary>
    public async Task<string> KeyAsync(string account) =>
        (await Cli.RunAsync("keys", "create", "--account", account, "--cap", "5", "--quiet")).Succeeded().Lines[0];

    /// <summary>Waits for the token of the first start.</summary>
    public async Task<string> FirstTokenAsync() => Token ??= "enf_admin_" + await _said.AfterAsync("enf_admin_");

    /// <summary>What <c>serve</c> said when it ended by itself.</summary>
    public Task<CliResult> EndedAsync() => _running.WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Ctrl-C.</summary>
    public async Task<CliResult> StopAsync()
    {
        await _ctrlC.CancelAsync();
        return await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _ctrlC.Dispose();
        await _said.DisposeAsync();
        Cli.Dispose();
    }
}
