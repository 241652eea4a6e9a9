using System.ComponentModel;
using System.Diagnostics;
using Enforcer.Cli.Shell;

namespace Enforcer.Cli.Local;

/// <summary>Runs programs of the machine to their end.</summary>
internal static class Tool
{
    /// <summary>Runs one that must succeed.</summary>
    /// <exception cref="CliException">It is not there, or failed; tells what it wrote.</exception>
    public static async Task RunAsync(string file, string[] arguments, CancellationToken cancellation)
    {
        var (status, output) = await EndAsync(file, arguments, cancellation);
        if (status != 0)
            throw new CliException($"'{file} {string.Join(' ', arguments)}' ended with status {status}:{Environment.NewLine}{output.Trim()}");
    }

    /// <summary>How one ended.</summary>
    public static async Task<int> StatusAsync(string file, string[] arguments, CancellationToken cancellation) =>
        (await EndAsync(file, arguments, cancellation)).Status;

    private static async Task<(int Status, string Output)> EndAsync(string file, string[] arguments, CancellationToken cancellation)
    {
        // A daemon that the program leaves behind keeps its streams open: only what the program itself has written is waited for.
        var folder = Directory.CreateTempSubdirectory("enforcer-tool-");
        try
        {
            var output = Path.Combine(folder.FullName, "output");
            var shell = new ProcessStartInfo("/bin/sh", ["-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null", "sh", output, file, .. arguments])
            {
                WorkingDirectory = "/",
            };
            using var process = Process.Start(shell)!;
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, await File.ReadAllTextAsync(output, cancellation));
        }
        catch (Win32Exception missing)
        {
            throw new CliException($"'{file}' cannot be started: {missing.Message}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
