using Enforcer.Edge.Observability;
using Enforcer.Edge.Outbox;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Health;

/// <summary>Green while calls can pass: Enforcer answers and knows the edge's token, and the outbox can be written. Turns red with either, and green again by itself.</summary>
internal sealed class EdgeReadiness(ISpendGate gate, CallOutbox outbox, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private volatile string? _gateProblem = "Enforcer was not asked yet.";
    private string? _told = "";

    /// <summary>Why no call can pass; null if calls can.</summary>
    public string? Problem => outbox.CanBeWritten ? _gateProblem : "The outbox cannot be written.";

    /// <summary>Asks again and again, until the edge stops.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            _gateProblem = await gate.ProblemAsync().ConfigureAwait(false);
            Tell(Problem);
            await Task.Delay(Period, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Tell(string? problem)
    {
        if (problem == _told)
            return;
        _told = problem;
        if (problem is null)
            EdgeLog.Ready(log);
        else
            EdgeLog.NotReady(log, problem);
    }
}
