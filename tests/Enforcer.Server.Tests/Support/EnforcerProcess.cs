using System.Collections.Concurrent;
using System.Diagnostics;

namespace Enforcer.Server.Tests.Support;

/// <summary><c>enforcer</c> as a process of its own, from the build output.</summary>
internal sealed class EnforcerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _out = [];
    private readonly ConcurrentQueue<string> _error = [];

    public EnforcerProcess(params string[] arguments)
    {
        // The tests lie beside it: artifacts/bin/PROJECT/CONFIGURATION.
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(own.Parent!.Parent!.FullName, "Enforcer.Cli", own.Name, "enforcer");
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _out.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _error.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it wrote on its standard output.</summary>
    public string Out => string.Join('\n', _out);

    /// <summary>What it wrote on its error stream.</summary>
    public string Error => string.Join('\n', _error);

    /// <summary>The first line on the standard output that begins like this, without that beginning.</summary>
    public async Task<string> AfterAsync(string beginning)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (true)
        {
            if (_out.FirstOrDefault(line => line.StartsWith(beginning, StringComparison.Ordinal)) is { } found)
                return found[beginning.Length..].Trim();
            Assert.False(_process.HasExited, Error);
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Asks it to end, as a service manager does; how it ended.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        return await EndAsync();
    }

    /// <summary>Waits until it ends by itself; how it ended.</summary>
    public async Task<int> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
