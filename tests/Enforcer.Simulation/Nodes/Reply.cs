using Enforcer.Ledger;

namespace Enforcer.Simulation.Nodes;

/// <summary>What a node answers: an outcome; or where to ask; or that it cannot say.</summary>
internal readonly record struct Reply(Outcome? Outcome, string? Elsewhere)
{
    public static Reply Unavailable => default;
}
