using Enforcer.Journal;
using Enforcer.Simulation.Kernel;
using Microsoft.Extensions.Logging;

namespace Enforcer.Simulation.Nodes;

/// <summary>Reads what production code logs: an error that no fault explains is one of its own.</summary>
internal sealed class SimLog<T>(World world, string node) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error || world.Trace.IsTold;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (world.Trace.IsTold) world.Trace.Tell(world.Now, node, $"{logLevel}: {formatter(state, exception)} {exception?.Message}");
        if (logLevel < LogLevel.Error || IsExplained(exception)) return;
        world.Break("production code fails", $"{node}: {formatter(state, exception)} {exception}");
    }

    private static bool IsExplained(Exception? exception) =>
        exception is JournalLostException or JournalUnavailableException or JournalElsewhereException or JournalFencedException or OperationCanceledException;
}
