using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Prices;

namespace Enforcer.Cluster.Tests.Support;

/// <summary>Tests of the cluster alone price nothing.</summary>
internal sealed class NoCalls : ICallMessages
{
    public byte[] Write(CallQuantities call) => throw new NotSupportedException();

    public CallQuantities Read(CommandKind kind, ReadOnlySpan<byte> bytes) => throw new NotSupportedException();
}
