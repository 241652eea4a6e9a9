using Enforcer.Ledger;
using Enforcer.Ledger.Commands;

namespace Enforcer.Simulation.Checking;

/// <summary>Every operation that any client has ever asked for: the journal may hold no other.</summary>
internal sealed class Operations
{
    private readonly Dictionary<(long Account, OperationId Id), List<Command>> _asked = [];

    public void Add(long account, in Command command)
    {
        if (!_asked.TryGetValue((account, command.OperationId), out var bodies)) _asked.Add((account, command.OperationId), bodies = []);
        bodies.Add(command);
    }

    /// <summary>What was last asked for under this id.</summary>
    public Command FindLast(long account, OperationId id) => _asked[(account, id)][^1];

    /// <summary>The command with this id and body; null if nobody asked for it.</summary>
    public Command? Find(long account, OperationId id, uint bodyHash)
    {
        if (!_asked.TryGetValue((account, id), out var bodies)) return null;
        foreach (var body in bodies)
        {
            if (body.BodyHash() == bodyHash) return body;
        }
        return null;
    }
}
