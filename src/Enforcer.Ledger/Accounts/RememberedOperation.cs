using Enforcer.Ledger.Entries;

namespace Enforcer.Ledger.Accounts;

/// <summary>An operation that had an effect, in the 72 bytes from which its answer can be given again.</summary>
public readonly record struct RememberedOperation
{
    /// <summary>The operation's id.</summary>
    public OperationId Id { get; init; }

    /// <summary>The hash of its body.</summary>
    public uint BodyHash { get; init; }

    /// <summary>What its entry was.</summary>
    public EntryKind Kind { get; init; }

    /// <summary>The seq of its entry.</summary>
    public long Seq { get; init; }

    /// <summary>Held after it, in nanos.</summary>
    public long HeldNanos { get; init; }

    /// <summary>Headroom told, in nanos.</summary>
    public long HeadroomNanos { get; init; }

    /// <summary>Reserve, Extend: tokens held after it. Otherwise: nanos charged.</summary>
    public long TokensOrChargedNanos { get; init; }

    /// <summary>Reserve, Extend: expiry. Otherwise: nanos overrun.</summary>
    public long ExpiryOrOverrunNanos { get; init; }

    /// <summary>With an estimate: Reserve, Extend: output tokens granted. Otherwise: nanos of cost.</summary>
    public long OutputTokensOrCostNanos { get; init; }

    /// <summary>What is to be remembered of an entry.</summary>
    public static RememberedOperation Of(in Entry entry)
    {
        var outcome = Outcome.From(entry);
        var isGrant = entry.Kind is EntryKind.Reserved or EntryKind.Extended;
        return new RememberedOperation
        {
            Id = entry.OperationId,
            BodyHash = entry.BodyHash,
            Kind = entry.Kind,
            Seq = entry.Seq,
            HeldNanos = outcome.HeldNanos,
            HeadroomNanos = outcome.HeadroomNanos,
            TokensOrChargedNanos = isGrant ? outcome.HeldTokens : outcome.ChargedNanos,
            ExpiryOrOverrunNanos = isGrant ? outcome.ExpiresAtMs : outcome.OverrunNanos,
            OutputTokensOrCostNanos = isGrant ? outcome.OutputTokens : outcome.CostNanos,
        };
    }

    /// <summary>The answer that was given, the same as <see cref="Outcome.From"/> of the entry.</summary>
    public Outcome ToOutcome() => Kind is EntryKind.Reserved or EntryKind.Extended
        ? new Outcome
        {
            Seq = Seq,
            HeldNanos = HeldNanos,
            HeadroomNanos = HeadroomNanos,
            HeldTokens = TokensOrChargedNanos,
            ExpiresAtMs = ExpiryOrOverrunNanos,
            OutputTokens = OutputTokensOrCostNanos,
        }
        : new Outcome
        {
            Seq = Seq,
            HeldNanos = HeldNanos,
            HeadroomNanos = HeadroomNanos,
            ChargedNanos = TokensOrChargedNanos,
            OverrunNanos = ExpiryOrOverrunNanos,
            CostNanos = OutputTokensOrCostNanos,
        };
}
