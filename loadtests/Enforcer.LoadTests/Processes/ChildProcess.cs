using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace Enforcer.LoadTests.Processes;

/// <summary>A server that this tool starts and ends. What it printed is kept for error messages, up to a bound.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 200;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TextWriter? _log;

    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables on top of this process's own.</param>
    /// <param name="log">Gets every line, from several threads at once; stays open.</param>
    public ChildProcess(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, TextWriter? log = null)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        _log = log;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => string.Join('\n', _output);

    /// <summary>Polls until the predicate holds; fails with the process's output if it ends or takes too long.</summary>
    public async Task WaitUntilAsync(Func<Task<bool>> ready, TimeSpan patience, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await ready().ConfigureAwait(false))
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"{what} ended with status {_process.ExitCode} before it was ready:\n{Output}");
            if (Stopwatch.GetElapsedTime(started) > patience)
                throw new TimeoutException($"{what} was not ready after {patience.TotalSeconds:0} s:\n{Output}");
            await Task.Delay(5).ConfigureAwait(false);
        }
    }

    /// <summary>True once something listens on the loopback port.</summary>
    public static async Task<bool> ListensAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync("127.0.0.1", port).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public Task WaitForExitAsync(CancellationToken cancellation = default) => _process.WaitForExitAsync(cancellation);

    /// <summary>kill -9: no chance to finish anything.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        _log?.WriteLine(line);
        if (_output.Count > KeptLines)
            _output.TryDequeue(out _);
    }
}
