using Enforcer.Host;
using Enforcer.Ledger.Commands;

namespace Enforcer.Simulation.Nodes;

/// <summary>What became of a command of a session that was decided elsewhere.</summary>
internal sealed class TakenExecution : IExecutionTaker
{
    private readonly TaskCompletionSource<Execution> _taken = new();

    public Task<Execution> Task => _taken.Task;

    // Set twice, it fails: each command ends once.
    public void Take(ulong number, AccountTarget target, in Command command, in Execution execution) => _taken.SetResult(execution);
}
