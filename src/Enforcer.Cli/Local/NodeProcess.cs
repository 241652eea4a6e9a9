using System.Diagnostics;
using System.Globalization;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;

namespace Enforcer.Cli.Local;

/// <summary>A node as a process of its own: <c>enforcer serve</c> on free ports of this machine. What it writes goes into a file beside its database.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private const string AnyPort = "127.0.0.1:0";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly TextWriter _log;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly string _postgres;
    private volatile string _last = "";
    private bool _isDisposed;

    private NodeProcess(string name, string postgres, string log, string grpc, string http)
    {
        Name = name;
        _postgres = postgres;
        LogFile = log;
        _log = TextWriter.Synchronized(new StreamWriter(log, append: true) { AutoFlush = true });
        var (file, first) = Self();
        string[] arguments = [.. first, "serve", "--node", name, "--grpc", grpc, "--http", http];
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment[PostgresOption.Variable] = postgres;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Ended = _process.WaitForExitAsync();
    }

    /// <summary>The node's name.</summary>
    public string Name { get; }

    /// <summary>What it writes.</summary>
    public string LogFile { get; }

    /// <summary>Where it serves gRPC.</summary>
    public string Grpc { get; private set; } = "";

    /// <summary>Where it serves REST, metrics and health.</summary>
    public string Http { get; private set; } = "";

    /// <summary>Completes when the process has ended.</summary>
    public Task Ended { get; }

    /// <summary>Starts a node; when this completes, it serves.</summary>
    /// <exception cref="CliException">It ended before it was ready, or took too long.</exception>
    public static Task<NodeProcess> StartAsync(string name, string postgres, string log, TimeProvider clock, CancellationToken cancellation) =>
        ReadyAsync(new NodeProcess(name, postgres, log, AnyPort, AnyPort), clock, cancellation);

    /// <summary>Starts the node of a process that has ended, at the same addresses.</summary>
    /// <exception cref="CliException">It ended before it was ready, or took too long.</exception>
    public Task<NodeProcess> StartAgainAsync(TimeProvider clock, CancellationToken cancellation) =>
        ReadyAsync(new NodeProcess(Name, _postgres, LogFile, Grpc, new Uri(Http).Authority), clock, cancellation);

    /// <summary>Asks it to end, as a service manager does, and waits: calls under way are answered, everything is made durable.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        if (!_process.HasExited)
            await Tool.StatusAsync("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)], CancellationToken.None);
        await Ended;
        _process.Dispose();
        await _log.DisposeAsync();
    }

    private static async Task<NodeProcess> ReadyAsync(NodeProcess node, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            await Task.WhenAny(node._ready.Task, node.Ended).WaitAsync(Patience, clock, cancellation);
            if (node._ready.Task.IsCompleted)
                return node;
            throw new CliException($"{node.Name} ended with status {node._process.ExitCode.ToString(CultureInfo.InvariantCulture)} before it was ready: {node._last} See {node.LogFile}.");
        }
        catch (TimeoutException)
        {
            await node.DisposeAsync();
            throw new CliException($"{node.Name} was not ready after {Patience.TotalSeconds} s; see {node.LogFile}.");
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>This program again: by its own file, or by the runtime where it was started through it.</summary>
    private static (string File, string[] First) Self()
    {
        var own = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "enforcer.exe" : "enforcer");
        var running = Environment.ProcessPath ?? own;
        // Builds that know other clusters have longer names.
        if (Path.GetFileName(running).StartsWith("enforcer", StringComparison.Ordinal))
            return (running, []);
        return File.Exists(own) ? (own, []) : (running, [Path.Combine(AppContext.BaseDirectory, "enforcer.dll")]);
    }

    /// <summary>The greeting names the addresses; where the data is comes last.</summary>
    private void Hear(string? line)
    {
        Keep(line);
        switch (line?.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            case ["gRPC", var grpc, ..]:
                Grpc = grpc;
                break;
            case ["HTTP", var http, ..]:
                Http = http;
                break;
            case ["data", ..]:
                _ready.TrySetResult();
                break;
        }
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrEmpty(line))
            return;
        _last = line;
        _log.WriteLine(line);
    }
}
