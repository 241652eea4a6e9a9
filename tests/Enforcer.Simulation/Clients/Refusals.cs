using Enforcer.Ledger;

namespace Enforcer.Simulation.Clients;

/// <summary>What clients make of refusals.</summary>
internal static class Refusals
{
    /// <summary>True if it says nothing of the operation: it is asked for again, under the same id.</summary>
    public static bool IsToBeRepeated(this Refusal refusal) => refusal is Refusal.Busy or Refusal.Unavailable;
}
