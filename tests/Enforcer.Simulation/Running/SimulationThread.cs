using System.Runtime.ExceptionServices;

namespace Enforcer.Simulation.Running;

/// <summary>Worlds need a thread of their own: without a context that continuations would be posted to, and with room for what goes on inline.</summary>
internal static class SimulationThread
{
    private const int StackBytes = 16 << 20;

    /// <summary>Runs something on such a thread, and waits for it.</summary>
    public static void Run(Action work)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() => failure = Try(work), StackBytes);
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    private static ExceptionDispatchInfo? Try(Action work)
    {
        try
        {
            work();
            return null;
        }
#pragma warning disable CA1031 // It is thrown on, on the caller's thread.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return ExceptionDispatchInfo.Capture(error);
        }
    }
}
