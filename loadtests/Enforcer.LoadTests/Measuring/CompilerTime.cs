using System.Globalization;

namespace Enforcer.LoadTests.Measuring;

/// <summary>
/// The CPU time that .NET processes spend on compiling again what they run often, as Linux tells it. While that goes on, a process is not yet what it will
/// be for the rest of its life.
/// </summary>
internal sealed class CompilerTime
{
    private const string CompilerThread = ".NET Tiered Com";
    private const double TicksPerSecond = 100;
    private readonly IReadOnlyList<int> _processes;
    private Dictionary<string, long> _before;

    public CompilerTime(IEnumerable<int> processes)
    {
        _processes = [.. processes];
        _before = Read();
    }

    /// <summary>CPU seconds since the last question. The thread ends when it has nothing to do; another one begins at zero.</summary>
    public double Next()
    {
        var now = Read();
        var ticks = now.Sum(thread => thread.Value - _before.GetValueOrDefault(thread.Key));
        _before = now;
        return ticks / TicksPerSecond;
    }

    private Dictionary<string, long> Read()
    {
        var threads = new Dictionary<string, long>();
        foreach (var folder in _processes.Select(id => $"/proc/{id}/task").Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories))
        {
            try
            {
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                if (!stat.Contains($"({CompilerThread})", StringComparison.Ordinal))
                    continue;
                // After the name: state, ten more fields, then the time in user mode and in the kernel.
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                threads[folder] = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                // The thread has ended meanwhile.
            }
        }

        return threads;
    }
}
