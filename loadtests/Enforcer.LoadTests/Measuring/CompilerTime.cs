namespace Enforcer.LoadTests.Measuring;

/// <summary>
/// The CPU time that .NET processes spend on compiling again what they run often, as Linux tells it. While that goes on, a process is not yet what it will
/// be for the rest of its life.
/// </summary>
internal sealed class CompilerTime
{
    private const string CompilerThread = ".NET Tiered Com";
    private readonly IReadOnlyList<int> _processes;
    private Dictionary<string, double> _before;

    public CompilerTime(IEnumerable<int> processes)
    {
        _processes = [.. processes];
        _before = Read();
    }

    /// <summary>CPU seconds since the last question. The thread ends when it has nothing to do; another one begins at zero.</summary>
    public double Next()
    {
        var now = Read();
        var seconds = now.Sum(thread => thread.Value - _before.GetValueOrDefault(thread.Key));
        _before = now;
        return seconds;
    }

    private Dictionary<string, double> Read() => _processes.SelectMany(id => ProcessTree.ThreadSeconds(id, CompilerThread)).ToDictionary();
}
