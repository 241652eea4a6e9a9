using System.Diagnostics;
using System.Globalization;

namespace Enforcer.LoadTests.Processes;

/// <summary>Runs programs of the machine to their end.</summary>
internal static class Tool
{
    /// <exception cref="InvalidOperationException">The program cannot be started, or failed; tells what it wrote.</exception>
    public static async Task RunAsync(string file, params string[] arguments)
    {
        var (status, output) = await EndAsync(file, arguments).ConfigureAwait(false);
        if (status != 0)
            throw new InvalidOperationException($"'{file} {string.Join(' ', arguments)}' ended with status {status}:\n{output}");
    }

    /// <summary>Sends a signal to processes, those that have ended already being no error.</summary>
    /// <param name="signal">Its name, such as STOP.</param>
    /// <param name="processes">Who gets it.</param>
    public static async Task SignalAsync(string signal, params IEnumerable<int> processes)
    {
        string[] ids = [.. processes.Select(id => id.ToString(CultureInfo.InvariantCulture))];
        if (ids.Length > 0)
            await EndAsync("kill", ["-" + signal, .. ids]).ConfigureAwait(false);
    }

    private static async Task<(int Status, string Output)> EndAsync(string file, string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{file}' did not start");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        return (process.ExitCode, await output.ConfigureAwait(false) + errors);
    }
}
