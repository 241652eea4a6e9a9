using Enforcer.Ledger.Commands;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Edges.Wire;

/// <summary>
/// One <c>enforcer.v1.Command</c> as it lies in the received bytes: texts and ids point into them and are not checked yet. What it says of
/// usage is read by generated code.
/// </summary>
internal ref struct WireCommand
{
    public ulong Number;

    /// <summary>None: the command has no body.</summary>
    public CommandKind Kind;

    public ReadOnlySpan<byte> OperationId;
    public ReadOnlySpan<byte> ReservationId;

    /// <summary>The account's id or the customer's key, whichever <see cref="AccountBy"/> says.</summary>
    public ReadOnlySpan<byte> Account;

    public AccountNaming AccountBy;
    public long AmountNanos;
    public long AtLeastNanos;
    public long Tokens;
    public long AtLeastTokens;
    public long TtlMs;
    public bool Final;
    public ReadOnlySpan<byte> Model;
    public ReadOnlySpan<byte> Tag;

    /// <summary>Reserve: the estimate. Extend: how much more. Null if there is none.</summary>
    public V1.UsageEstimate? Estimate;

    /// <summary>Commit: what was used; null if an amount is given.</summary>
    public V1.UsageReport? Usage;
}
