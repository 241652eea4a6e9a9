using System.Globalization;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Processes;

namespace Enforcer.LoadTests.Gateway;

/// <summary><c>enforcer edge</c> from the build output. Killed without warning and started again it keeps its port and its outbox.</summary>
internal sealed class EdgeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _program;
    private readonly string[] _arguments;
    private readonly int _port = FreePort.Next();
    private ChildProcess? _process;

    private EdgeProcess(string program, Target server, Uri upstream, string data)
    {
        _program = program;
        _arguments =
        [
            "edge", "--listen", $"127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}", "--watch", "127.0.0.1:0", "--data", data,
            "--upstream", upstream.GetLeftPart(UriPartial.Authority), "--server", server.Address.GetLeftPart(UriPartial.Authority), "--token", server.Token,
        ];
    }

    /// <summary>Where customers connect.</summary>
    public Uri Address => new($"http://127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>Its process.</summary>
    public int Id => _process?.Id ?? 0;

    /// <summary>What it printed last.</summary>
    public string Output => _process?.Output ?? "";

    public static async Task<EdgeProcess> StartAsync(string? program, Target server, Uri upstream, string data)
    {
        var edge = new EdgeProcess(program ?? ServerProcess.FindProgram(), server, upstream, data);
        await edge.StartAsync().ConfigureAwait(false);
        return edge;
    }

    /// <summary>kill -9, then a new process on the same outbox.</summary>
    public async Task KillAndRestartAsync()
    {
        await _process!.DisposeAsync().ConfigureAwait(false);
        await StartAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync().ConfigureAwait(false);
    }

    private Task StartAsync()
    {
        _process = new ChildProcess(_program, _arguments);
        return _process.WaitUntilAsync(() => ChildProcess.ListensAsync(_port), Patience, "enforcer edge");
    }
}
