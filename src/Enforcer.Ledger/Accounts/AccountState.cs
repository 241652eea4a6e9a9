using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Prices;
using Enforcer.Ledger.Reservations;

namespace Enforcer.Ledger.Accounts;

/// <summary>
/// All that the rules know of one account. It changes by <see cref="Rules.Fold.Apply"/> alone; folding the same entries
/// gives the same state, byte for byte (SPEC 5.4).
/// </summary>
public sealed class AccountState
{
    private SpendCounter?[] _counters = [];

    /// <summary>Whether it grants.</summary>
    public AccountStatus Status { get; internal set; }

    /// <summary>The seq of the last entry; 0 before the first.</summary>
    public long Seq { get; internal set; }

    /// <summary>The account's time: that of the last entry, Unix ms.</summary>
    public long LastAtMs { get; internal set; }

    /// <summary>ISO 4217 code or credit unit.</summary>
    public string Unit { get; internal set; } = "";

    /// <summary>The limits in force, with caps as topped up.</summary>
    public LimitSet Limits { get; internal set; } = LimitSet.Unlimited;

    /// <summary>Nanos committed over the account's life, whatever the limits.</summary>
    public long CommittedNanos { get; internal set; }

    /// <summary>Nanos that open reservations hold.</summary>
    public long HeldNanos { get; internal set; }

    /// <summary>The bucket of requests; meaningless without a limit.</summary>
    public TokenBucket Requests { get; internal set; }

    /// <summary>The bucket of tokens; meaningless without a limit.</summary>
    public TokenBucket Tokens { get; internal set; }

    /// <summary>The spend limits by slot; an empty slot is null.</summary>
    public ReadOnlySpan<SpendCounter?> Counters => _counters;

    /// <summary>The open reservations.</summary>
    public ReservationTable Reservations { get; } = new();

    /// <summary>The operations remembered.</summary>
    public RememberedOperations Operations { get; } = new();

    /// <summary>The running counts that prices depend on; null while there have been none.</summary>
    public PeriodCounts? Counts { get; private set; }

    /// <summary>The first moment at which a calendar window must be opened anew; <see cref="long.MaxValue"/> if there is none.</summary>
    public long NextWindowMs { get; internal set; } = long.MaxValue;

    /// <summary>True while a commit has exceeded a cap that has had no headroom since.</summary>
    public bool IsOverrun
    {
        get
        {
            foreach (var counter in _counters)
            {
                if (counter is { Current.OverrunNanos: > 0 }) return true;
            }
            return false;
        }
    }

    /// <summary>The least headroom over the current windows of the slots in the mask, or <see cref="Outcome.NoCap"/>.</summary>
    public long HeadroomNanos(uint mask)
    {
        var least = Outcome.NoCap;
        for (var slot = 0; slot < _counters.Length; slot++)
        {
            if ((mask & (1u << slot)) != 0 && _counters[slot] is { } counter) least = Math.Min(least, counter.HeadroomNanos);
        }
        return least;
    }

    /// <summary>Reads a little of each part, so that all of it is in the processor's cache; the number has no meaning.</summary>
    public long Warm()
    {
        var seen = Seq + Limits.Concurrency + Reservations.Warm() + Operations.Warm();
        foreach (var counter in _counters) seen += counter?.CreatedSeq ?? 0;
        return seen;
    }

    internal SpendCounter?[] Slots
    {
        get => _counters;
        set => _counters = value;
    }

    internal PeriodCounts MakeCounts() => Counts ??= new PeriodCounts();

    internal void FindNextWindow()
    {
        NextWindowMs = long.MaxValue;
        foreach (var counter in _counters)
        {
            if (counter is not null) NextWindowMs = Math.Min(NextWindowMs, counter.Current.EndMs);
        }
    }
}
