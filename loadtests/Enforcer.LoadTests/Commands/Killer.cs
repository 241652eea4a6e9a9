using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Processes;

namespace Enforcer.LoadTests.Commands;

/// <summary>Kills a server at random moments under load and starts it again, round after round.</summary>
internal sealed class Killer(ServerProcess server, int rounds, Random random)
{
    private const int LeastLoadMs = 100;
    private const int MostLoadMs = 600;

    public int Rounds { get; private set; }

    /// <summary>Milliseconds from the start of the process until it was ready, per round.</summary>
    public Series ReadyMs { get; } = new();

    /// <summary>CPU seconds of all the processes that were killed.</summary>
    public double ServerCpuSeconds { get; private set; }

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (Rounds < rounds)
        {
            await Task.Delay(random.Next(LeastLoadMs, MostLoadMs), cancellation).ConfigureAwait(false);
            ServerCpuSeconds += ProcessTree.CpuSeconds(server.Target.ProcessId);
            await server.KillAndRestartAsync().ConfigureAwait(false);
            ReadyMs.Add(server.ReadyAfter.TotalMilliseconds);
            Rounds++;
        }
    }
}
