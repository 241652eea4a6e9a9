using Enforcer.Ledger.Prices;

namespace Enforcer.Ledger.Reservations;

/// <summary>An open reservation.</summary>
public readonly record struct Reservation
{
    /// <summary>Its id: the operation id of its Reserve.</summary>
    public OperationId Id { get; init; }

    /// <summary>What it still holds, in nanos.</summary>
    public long HeldNanos { get; init; }

    /// <summary>The tokens that it still holds.</summary>
    public long Tokens { get; init; }

    /// <summary>What partial commits have booked on it, in nanos.</summary>
    public long CommittedNanos { get; init; }

    /// <summary>When it ends by time, Unix ms.</summary>
    public long ExpiresAtMs { get; init; }

    /// <summary>The seq of its Reserved entry.</summary>
    public long ReservedSeq { get; init; }

    /// <summary>The slots of the spend limits that count it, a bit each.</summary>
    public uint LimitMask { get; init; }

    /// <summary>Its prices, if it was made with an estimate; else null.</summary>
    public PricedCall? Priced { get; init; }

    /// <summary>True once a partial commit has been booked: the call was made.</summary>
    public bool IsUsed { get; init; }
}
