using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Prices;

namespace Enforcer.Ledger.Rules;

/// <summary>What became of one reservation: the fold of the entries that name it.</summary>
public sealed class ReservationHistory
{
    /// <summary>Makes the history of a reservation of which no entry has been seen.</summary>
    public ReservationHistory(OperationId id) => Id = id;

    /// <summary>The reservation.</summary>
    public OperationId Id { get; }

    /// <summary>True once its Reserved entry has been seen.</summary>
    public bool IsFound => ReservedSeq > 0;

    /// <summary>The seq of its Reserved entry; 0 if there is none.</summary>
    public long ReservedSeq { get; private set; }

    /// <summary>When it was made, Unix ms.</summary>
    public long ReservedAtMs { get; private set; }

    /// <summary>When it was to end by time, Unix ms.</summary>
    public long ExpiresAtMs { get; private set; }

    /// <summary>The slots of the spend limits that count it.</summary>
    public uint LimitMask { get; private set; }

    /// <summary>The model it was made for.</summary>
    public string? Model { get; private set; }

    /// <summary>Its tag.</summary>
    public string? Tag { get; private set; }

    /// <summary>Its prices, with all that commits have reported; null if it was made by an amount.</summary>
    public PricedCall? Priced { get; private set; }

    /// <summary>The cost that stood booked before it expired.</summary>
    public long CostBeforeNanos { get; private set; }

    /// <summary>The cost that expiry has booked.</summary>
    public long CostOnExpiryNanos { get; private set; }

    /// <summary>How it ended: Committed, Released or Expired; None while it is open.</summary>
    public EntryKind End { get; private set; }

    /// <summary>All that is booked on it, in nanos, reversals not counted.</summary>
    public long CommittedNanos { get; private set; }

    /// <summary>All that was reversed, in nanos.</summary>
    public long ReversedNanos { get; private set; }

    /// <summary>What expiry charged, in nanos.</summary>
    public long ChargedOnExpiryNanos { get; private set; }

    /// <summary>The tokens that expiry left taken.</summary>
    public long TokensOnExpiry { get; private set; }

    /// <summary>The real cost that late commits have reported, in nanos.</summary>
    public long LateNanos { get; private set; }

    /// <summary>The tokens that late commits have reported.</summary>
    public long LateTokens { get; private set; }

    /// <summary>True once a late commit was final.</summary>
    public bool IsLateFinal { get; private set; }

    /// <summary>What late reports stand booked at, in nanos: the charge stays until a final report is lower.</summary>
    public long LateBookedNanos => LateBooked(LateNanos, IsLateFinal);

    /// <summary>What late reports leave taken from the bucket of tokens.</summary>
    public long LateTakenTokens => LateTaken(LateTokens, IsLateFinal);

    /// <summary>Adds the next entry of the account, oldest first; entries of other reservations are passed over.</summary>
    public void Add(in Entry entry)
    {
        if (entry.ReservationId != Id) return;
        CommittedNanos += entry.Kind == EntryKind.Reversed ? 0 : entry.CommittedDeltaNanos;
        switch (entry.Kind)
        {
            case EntryKind.Reserved:
                ReservedSeq = entry.Seq;
                ReservedAtMs = entry.AtMs;
                LimitMask = entry.LimitMask;
                Model = entry.Model;
                Tag = entry.Tag;
                ExpiresAtMs = entry.ExpiresAtMs;
                Priced = entry.Priced;
                break;
            case EntryKind.Extended:
                ExpiresAtMs = entry.ExpiresAtMs;
                Priced = entry.Priced ?? Priced;
                break;
            case EntryKind.Committed when !entry.Final:
                if (entry.Priced is { } part) Priced = Priced?.After(part.Usage, part.CostNanos, entry.CommittedDeltaNanos);
                break;
            case EntryKind.Committed:
            case EntryKind.Released:
                End = entry.Kind;
                break;
            case EntryKind.Expired:
                End = EntryKind.Expired;
                ChargedOnExpiryNanos = entry.CommittedDeltaNanos;
                TokensOnExpiry = entry.Tokens + entry.TokensDelta;
                CostBeforeNanos = Priced?.CostNanos ?? 0;
                CostOnExpiryNanos = entry.Priced?.CostNanos ?? 0;
                break;
            case EntryKind.CommittedLate:
                LateNanos += CostOf(entry);
                LateTokens += entry.Tokens;
                IsLateFinal |= entry.Final;
                if (entry.Priced is { } late) Priced = Priced?.After(late.Usage, late.AmountCostNanos, CostOf(entry));
                break;
            case EntryKind.Reversed:
                ReversedNanos -= entry.CommittedDeltaNanos;
                break;
        }
    }

    /// <summary>
    /// What a late commit books as cost: as with the price, the charge of the expiry stands until a final report is lower. A report by amount
    /// does not say what the cost was, unless nothing was paid.
    /// </summary>
    internal PricedCall PricedLate(PricedCall reported, long amountNanos, bool isFinal)
    {
        var before = (Priced?.CostNanos ?? 0) - CostBeforeNanos;
        var isKnown = reported.Usage is not null || (LateNanos == 0 && amountNanos == 0);
        var after = reported.Usage is null ? before : before + reported.CostNanos;
        var booked = IsLateFinal ? before : Math.Max(CostOnExpiryNanos, before);
        var delta = (isFinal && isKnown ? after : Math.Max(CostOnExpiryNanos, after)) - booked;
        return reported.Late(delta, after - before);
    }

    internal long LateBooked(long lateNanos, bool isFinal) => isFinal ? lateNanos : Math.Max(ChargedOnExpiryNanos, lateNanos);

    internal long LateTaken(long lateTokens, bool isFinal) => isFinal ? lateTokens : Math.Max(TokensOnExpiry, lateTokens);

    /// <summary>The real cost that a late commit reported stands in its amount; its delta is what it changed.</summary>
    private static long CostOf(in Entry entry) => entry.AmountNanos;
}
