using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Limits;

namespace Enforcer.Ledger.Tests.Model;

/// <summary>Something that happened, as the model keeps it: what was asked and granted, or what time did.</summary>
internal sealed record Fact(FactKind Kind, long AtMs, OperationId Reservation = default)
{
    public Command Command { get; init; }

    /// <summary>What the command was answered.</summary>
    public Outcome Answer { get; set; }

    public long Nanos { get; init; }

    public long Tokens { get; init; }

    public long ExpiresAtMs { get; init; }

    public bool IsFinal { get; init; }

    /// <summary>Expired: the hold was charged, not returned.</summary>
    public bool IsCharged { get; init; }

    public LimitSet? Limits { get; init; }
}
