using System.Diagnostics;
using System.Globalization;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Processes;

namespace Enforcer.LoadTests.Chaos;

/// <summary>
/// A node as a process of its own, <c>enforcer serve --node</c>, with a link that can be broken in front of everybody who talks to it and of its PostgreSQL. Like a service
/// manager this starts it again when it has ended, whyever, unless it is to stay down for a while.
/// </summary>
internal sealed class ClusterProcess : IAsyncDisposable
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    private readonly string _program;
    private readonly int _grpcPort = FreePort.Next();
    private readonly int _httpPort = FreePort.Next();
    private readonly CancellationTokenSource _over = new();
    private readonly Lock _gate = new();
    private readonly List<string> _ends = [];
    private readonly List<ChildProcess> _all = [];
    private readonly TextWriter? _log;
    private ChildProcess? _process;
    private TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _supervising = Task.CompletedTask;
    private double _endedCpuSeconds;

    /// <param name="program">The enforcer program.</param>
    /// <param name="number">Which node it is, from 0.</param>
    /// <param name="databasePort">Where the PostgreSQL listens.</param>
    /// <param name="peers">The nodes' processes, by their numbers: who calls this node is told by them.</param>
    /// <param name="nodes">How many nodes there are.</param>
    /// <param name="logs">Where to keep all that it prints; null for nowhere.</param>
    public ClusterProcess(string program, int number, int databasePort, Func<IReadOnlyList<int>> peers, int nodes, string? logs)
    {
        if (logs is not null)
            _log = TextWriter.Synchronized(new StreamWriter(Path.Combine(logs, NameOf(number) + ".log")) { AutoFlush = true });
        _program = program;
        Number = number;
        FromClients = new FaultyLink(_grpcPort);
        FromNodes = new FaultyLink(_grpcPort, nodes, (from, to) => SocketOwner.Find(from, to, peers()));
        ToDatabase = new FaultyLink(databasePort);
    }

    public int Number { get; }

    public string Name => NameOf(Number);

    /// <summary>Between clients and this node.</summary>
    public FaultyLink FromClients { get; }

    /// <summary>Between the other nodes, by their numbers, and this one.</summary>
    public FaultyLink FromNodes { get; }

    /// <summary>Between this node and PostgreSQL.</summary>
    public FaultyLink ToDatabase { get; }

    public Uri Address => new($"http://127.0.0.1:{FromClients.Port}");

    /// <summary>Where it says whether it is ready, past all links.</summary>
    public Uri HttpAddress => new($"http://127.0.0.1:{_httpPort}");

    /// <summary>The process that runs now; 0 if none does.</summary>
    public int ProcessId => Volatile.Read(ref _process) is { HasExited: false } running ? running.Id : 0;

    public string Output => Volatile.Read(ref _process)?.Output ?? "";

    /// <summary>How often it was started.</summary>
    public int Starts { get; private set; }

    /// <summary>How often it ended without being killed by this tool.</summary>
    public int OwnEnds { get; private set; }

    /// <summary>The last lines that ended processes had printed.</summary>
    public IReadOnlyList<string> Ends
    {
        get
        {
            lock (_gate)
                return [.. _ends];
        }
    }

    public static string NameOf(int number) => "node-" + (number + 1).ToString(CultureInfo.InvariantCulture);

    public double CpuSeconds => _endedCpuSeconds + (ProcessId is > 0 and var id ? ProcessTree.CpuSeconds(id) : 0);

    public void Start()
    {
        _up.TrySetResult();
        _supervising = SuperviseAsync();
    }

    /// <summary>kill -9. It stays down until <see cref="Up"/>.</summary>
    public async Task KillAsync()
    {
        _up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Volatile.Read(ref _process) is { HasExited: false } running)
        {
            _endedCpuSeconds += ProcessTree.CpuSeconds(running.Id);
            await running.KillAsync().ConfigureAwait(false);
        }
    }

    public void Up() => _up.TrySetResult();

    /// <summary>SIGSTOP: it does nothing any more, and knows nothing of it.</summary>
    public Task FreezeAsync() => Tool.SignalAsync("STOP", ProcessId is > 0 and var id ? [id] : []);

    /// <summary>SIGCONT.</summary>
    public Task WakeAsync() => Tool.SignalAsync("CONT", ProcessId is > 0 and var id ? [id] : []);

    public async Task<bool> IsReadyAsync() => ProcessId > 0 && await ServerProcess.IsReadyAsync(HttpAddress).ConfigureAwait(false);

    public async Task WaitUntilReadyAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync().ConfigureAwait(false))
        {
            if (Stopwatch.GetElapsedTime(started) > patience)
                throw new TimeoutException($"{Name} was not ready after {patience.TotalSeconds:0} s:\n{Output}");
            await Task.Delay(10, cancellation).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        _up.TrySetResult();
        await _supervising.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var process in _all)
        {
            await process.DisposeAsync().ConfigureAwait(false);
        }

        await FromClients.DisposeAsync().ConfigureAwait(false);
        await FromNodes.DisposeAsync().ConfigureAwait(false);
        await ToDatabase.DisposeAsync().ConfigureAwait(false);
        _over.Dispose();
        if (_log is not null)
            await _log.DisposeAsync().ConfigureAwait(false);
    }

    private async Task SuperviseAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            await _up.Task.WaitAsync(_over.Token).ConfigureAwait(false);
            var process = new ChildProcess(_program, Arguments, new Dictionary<string, string>
            {
                ["ENFORCER_POSTGRES"] = $"Host=127.0.0.1;Port={ToDatabase.Port};Username=postgres;Database=postgres",
                ["ENFORCER__ADVERTISE"] = $"http://127.0.0.1:{FromNodes.Port}",
            }, _log);
            _log?.WriteLine($"=== process {process.Id}, {DateTimeOffset.UtcNow:HH:mm:ss.fff}");
            _all.Add(process); // others look at it after it has ended
            Volatile.Write(ref _process, process);
            Starts++;
            await process.WaitForExitAsync(_over.Token).ConfigureAwait(false);
            Note(process);
            await Task.Delay(Rest, _over.Token).ConfigureAwait(false);
        }
    }

    private string[] Arguments =>
    [
        "serve", "--node", Name,
        "--grpc", $"127.0.0.1:{_grpcPort.ToString(CultureInfo.InvariantCulture)}",
        "--http", $"127.0.0.1:{_httpPort.ToString(CultureInfo.InvariantCulture)}",
    ];

    private void Note(ChildProcess process)
    {
        const int Kept = 3;
        if (!_up.Task.IsCompleted)
            return; // it was killed by this tool
        OwnEnds++;
        lock (_gate)
            _ends.Add($"{Name}: {string.Join(" / ", process.Output.Split('\n').TakeLast(Kept))}");
    }
}
