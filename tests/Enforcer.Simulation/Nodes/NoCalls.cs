using Enforcer.Cluster;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Prices;

namespace Enforcer.Simulation.Nodes;

/// <summary>Simulated calls name amounts: none is priced.</summary>
internal sealed class NoCalls : ICallMessages
{
    public byte[] Write(CallQuantities call) => throw new NotSupportedException("Simulated calls are not priced.");

    public CallQuantities Read(CommandKind kind, ReadOnlySpan<byte> bytes) => throw new NotSupportedException("Simulated calls are not priced.");
}
