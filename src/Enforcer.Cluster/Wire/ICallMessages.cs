using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Prices;

namespace Enforcer.Cluster;

/// <summary>What commands say of their calls' quantities, as <c>enforcer.v1.UsageEstimate</c> and <c>UsageReport</c>; by what they are priced does not travel.</summary>
public interface ICallMessages
{
    /// <summary>Writes an estimate, more of it, or a report.</summary>
    byte[] Write(CallQuantities call);

    /// <summary>Reads what a command of this kind says.</summary>
    /// <exception cref="ArgumentException">It is malformed.</exception>
    CallQuantities Read(CommandKind kind, ReadOnlySpan<byte> bytes);
}
