using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Prices;

namespace Enforcer.Ledger.Commands;

/// <summary>
/// One request to one account, already checked for form (<see cref="CommandForm"/>). A flat value so that batches of
/// commands cost no allocation; each kind uses the members named in its documentation and leaves the others at zero.
/// </summary>
public readonly record struct Command
{
    /// <summary>What is asked.</summary>
    public CommandKind Kind { get; init; }

    /// <summary>The caller's name for this operation; none for <see cref="CommandKind.Expire"/>.</summary>
    public OperationId OperationId { get; init; }

    /// <summary>The reservation meant (Extend, Commit, Release, Reverse).</summary>
    public OperationId ReservationId { get; init; }

    /// <summary>Nanos to hold (Reserve, Extend), really spent (Commit), to add (TopUp) or give back (Reverse; 0 for all).</summary>
    public long AmountNanos { get; init; }

    /// <summary>Reserve: the smallest acceptable hold; 0 means exactly <see cref="AmountNanos"/>.</summary>
    public long AtLeastNanos { get; init; }

    /// <summary>Tokens to take (Reserve, Extend) or really used (Commit).</summary>
    public long Tokens { get; init; }

    /// <summary>Reserve: the fewest acceptable tokens; 0 means exactly <see cref="Tokens"/>.</summary>
    public long AtLeastTokens { get; init; }

    /// <summary>Reserve: time to live in ms, 0 for the default. Extend: new time to live from now, 0 for no change.</summary>
    public long TtlMs { get; init; }

    /// <summary>Commit: the last one of its reservation.</summary>
    public bool Final { get; init; }

    /// <summary>Reserve: the model asked for, or null. Selects limits.</summary>
    public string? Model { get; init; }

    /// <summary>Reserve: a free tag, or null. Selects limits.</summary>
    public string? Tag { get; init; }

    /// <summary>
    /// Reserve, Extend, Commit: the call's quantities (<see cref="CallEstimate"/>, <see cref="CallMore"/>, <see cref="CallReport"/>), instead of
    /// amounts and tokens; null: those are given.
    /// </summary>
    public CallQuantities? Call { get; init; }

    /// <summary>Open and SetLimits: the limits wanted.</summary>
    public LimitSet? Limits { get; init; }

    /// <summary>Open: the account's unit.</summary>
    public string? Unit { get; init; }

    /// <summary>Operators' commands: who asked.</summary>
    public string? Actor { get; init; }

    /// <summary>Operators' commands: why.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// A stable 32-bit hash of everything but the operation id, which tells a repeated command from another one under the
    /// same id. It is journalled, so its definition is part of the journal format.
    /// </summary>
    public uint BodyHash()
    {
        var hash = new BodyHash();
        hash.Add((long)Kind, Final ? 1 : 0);
        hash.Add(unchecked((long)ReservationId.High), unchecked((long)ReservationId.Low));
        hash.Add(AmountNanos, AtLeastNanos);
        hash.Add(Tokens, AtLeastTokens);
        hash.Add(TtlMs);
        hash.Add(Model);
        hash.Add(Tag);
        Call?.AddTo(ref hash);
        if (Kind >= CommandKind.Open)
        {
            hash.Add(Unit);
            Limits?.AddTo(ref hash);
        }
        return hash.Value;
    }
}
