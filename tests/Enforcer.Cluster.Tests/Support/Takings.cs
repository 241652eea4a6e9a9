using System.Collections.Concurrent;
using Enforcer.Host;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;

namespace Enforcer.Cluster.Tests.Support;

/// <summary>Takes what becomes of commands, and counts them.</summary>
internal sealed class Takings : IExecutionTaker
{
    private readonly ConcurrentQueue<(ulong Number, Outcome Outcome)> _taken = new();

    public IReadOnlyCollection<(ulong Number, Outcome Outcome)> Taken => _taken;

    public void Take(ulong number, AccountTarget target, in Command command, in Execution execution) => _taken.Enqueue((number, execution.Outcome));
}
