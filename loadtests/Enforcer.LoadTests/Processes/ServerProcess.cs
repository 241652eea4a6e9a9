using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Enforcer.LoadTests.Edges;

namespace Enforcer.LoadTests.Processes;

/// <summary>
/// <c>enforcer serve</c> from the build output, on two free loopback ports, with a place for its data of its own. Killed without
/// warning and started again it keeps its data, its ports and its first token.
/// </summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };

    private readonly string _program;
    private readonly DataPlace _data;
    private readonly int _grpcPort = FreePort.Next();
    private readonly int _httpPort = FreePort.Next();
    private ChildProcess? _process;
    private string? _token;

    private ServerProcess(string program, DataPlace data)
    {
        _program = program;
        _data = data;
    }

    public Target Target => new(
        new Uri($"http://127.0.0.1:{_grpcPort}"), new Uri($"http://127.0.0.1:{_httpPort}"), _token ?? "", _process?.Id ?? 0);

    public DataPlace Data => _data;

    /// <summary>What the running process has printed last; empty if none runs.</summary>
    public string Output => _process?.Output ?? "";

    /// <summary>How long the last start took until the server was ready.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    /// <param name="program">The enforcer program; null: the one of this build.</param>
    /// <param name="data">Where its data is.</param>
    /// <param name="token">An admin's token, if another node of its cluster has told the first one.</param>
    public static async Task<ServerProcess> StartAsync(string? program, DataPlace data, string? token = null)
    {
        var server = new ServerProcess(program ?? FindProgram(), data) { _token = token };
        await server.StartAsync().ConfigureAwait(false);
        return server;
    }

    /// <summary>kill -9, then a new process on the same data.</summary>
    public async Task KillAndRestartAsync()
    {
        await KillAsync().ConfigureAwait(false);
        await StartAsync().ConfigureAwait(false);
    }

    public async Task KillAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync().ConfigureAwait(false);
        _process = null;
    }

    public async ValueTask DisposeAsync() => await KillAsync().ConfigureAwait(false);

    private async Task StartAsync()
    {
        string[] arguments =
        [
            "serve", .. _data.Arguments,
            "--grpc", $"127.0.0.1:{_grpcPort.ToString(CultureInfo.InvariantCulture)}",
            "--http", $"127.0.0.1:{_httpPort.ToString(CultureInfo.InvariantCulture)}",
        ];
        var started = Stopwatch.GetTimestamp();
        _process = new ChildProcess(_program, arguments);
        await _process.WaitUntilAsync(IsReadyAsync, Patience, "enforcer serve").ConfigureAwait(false);
        ReadyAfter = Stopwatch.GetElapsedTime(started);
        if (_token is null)
            await _process.WaitUntilAsync(FindTokenAsync, Patience, "the first token of enforcer serve").ConfigureAwait(false);
    }

    private Task<bool> FindTokenAsync()
    {
        _token = TokenIn(_process?.Output ?? "");
        return Task.FromResult(_token is not null);
    }

    private Task<bool> IsReadyAsync() => IsReadyAsync(Target.HttpAddress!);

    /// <summary>Whether the server at this HTTP address says that it serves.</summary>
    internal static async Task<bool> IsReadyAsync(Uri address)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(address, "/readyz")).ConfigureAwait(false);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    /// <summary>This tool lies beside the server in the build output: artifacts/bin/PROJECT/CONFIGURATION.</summary>
    internal static string FindProgram()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(own.Parent!.Parent!.FullName, "Enforcer.Cli", own.Name, "enforcer");
        return File.Exists(program)
            ? program
            : throw new FileNotFoundException($"'{program}' is not built; build the solution or name the program with --enforcer", program);
    }

    /// <summary>The first admin token in what a server has printed; null if there is none.</summary>
    internal static string? TokenIn(string output) => AdminToken().Match(output) is { Success: true } match ? match.Value : null;

    [GeneratedRegex("enf_admin_[A-Za-z0-9_-]+")]
    private static partial Regex AdminToken();
}
