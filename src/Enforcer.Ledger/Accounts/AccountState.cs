using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Prices;
using Enforcer.Ledger.Reservations;

namespace Enforcer.Ledger.Accounts;

/// <summary>
/// All that the rules know of one account. It changes by <see cref="Rules.Fold.Apply"/> alone; folding the same entries
/// gives the same state, byte for byte (SPEC 5.4).
/// </summary>
/// <remarks>
/// There may be millions of them, and most look alike: one cap for life, nothing open. So what few accounts need is made when they need it, and
/// what many have equal they share.
/// </remarks>
public sealed class AccountState
{
    private static readonly SharedValues<LimitSet> SharedLimits = new();
    private static readonly SharedValues<string> SharedUnits = new();

    /// <summary>The spend limit in slot 0, if there is no other slot.</summary>
    private SpendCounter? _counter;

    /// <summary>The slots, if they are more than one.</summary>
    private SpendCounter?[]? _counters;
    private ReservationTable? _reservations;
    private AccountMeters? _meters;
    private RememberedOperations _operations = new();

    /// <summary>Whether it grants.</summary>
    public AccountStatus Status { get; internal set; }

    /// <summary>The seq of the last entry; 0 before the first.</summary>
    public long Seq { get; internal set; }

    /// <summary>The account's time: that of the last entry, Unix ms.</summary>
    public long LastAtMs { get; internal set; }

    /// <summary>ISO 4217 code or credit unit.</summary>
    public string Unit { get; internal set => field = SharedUnits.Of(value); } = "";

    /// <summary>The limits in force, with caps as topped up.</summary>
    public LimitSet Limits { get; internal set => field = SharedLimits.Of(value); } = LimitSet.Unlimited;

    /// <summary>Nanos committed over the account's life, whatever the limits.</summary>
    public long CommittedNanos { get; internal set; }

    /// <summary>Nanos that open reservations hold.</summary>
    public long HeldNanos { get; internal set; }

    /// <summary>The bucket of requests; meaningless without a limit.</summary>
    public TokenBucket Requests
    {
        get => _meters is { } meters ? meters.Requests : default;
        internal set
        {
            if (_meters is not null || value != default) Meters.Requests = value;
        }
    }

    /// <summary>The bucket of tokens; meaningless without a limit.</summary>
    public TokenBucket Tokens
    {
        get => _meters is { } meters ? meters.Tokens : default;
        internal set
        {
            if (_meters is not null || value != default) Meters.Tokens = value;
        }
    }

    /// <summary>The spend limits by slot; an empty slot is null.</summary>
    public ReadOnlySpan<SpendCounter?> Counters => _counters is { } many ? many : _counter is null ? default : new ReadOnlySpan<SpendCounter?>(in _counter);

    /// <summary>The open reservations.</summary>
    public ReservationTable Reservations => _reservations ?? ReservationTable.Empty;

    /// <summary>The operations remembered.</summary>
    public ref readonly RememberedOperations Operations => ref _operations;

    /// <summary>The running counts that prices depend on; null while there have been none.</summary>
    public PeriodCounts? Counts => _meters?.Counts;

    /// <summary>The first moment at which a calendar window must be opened anew; <see cref="long.MaxValue"/> if there is none.</summary>
    public long NextWindowMs => _meters is { } meters ? meters.NextWindowMs : long.MaxValue;

    /// <summary>True while a commit has exceeded a cap that has had no headroom since.</summary>
    public bool IsOverrun
    {
        get
        {
            foreach (var counter in Counters)
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
        var counters = Counters;
        for (var slot = 0; slot < counters.Length; slot++)
        {
            if ((mask & (1u << slot)) != 0 && counters[slot] is { } counter) least = Math.Min(least, counter.HeadroomNanos);
        }
        return least;
    }

    /// <summary>Reads a little of each part, so that all of it is in the processor's cache; the number has no meaning.</summary>
    public long Warm()
    {
        var seen = Seq + Limits.Concurrency + Reservations.Warm() + Operations.Warm();
        foreach (var counter in Counters) seen += counter?.CreatedSeq ?? 0;
        return seen;
    }

    /// <summary>Takes less memory until the next use: for an account that may be quiet for a while. Nothing else can be seen of it.</summary>
    public void Trim()
    {
        if (Reservations.Count == 0) _reservations = null;
        _operations.Pack();
    }

    private AccountMeters Meters => _meters ??= new AccountMeters();

    internal void SetCounters(SpendCounter?[] slots)
    {
        _counter = slots.Length == 1 ? slots[0] : null;
        _counters = slots.Length > 1 ? slots : null;
    }

    internal void Add(in Reservation reservation) => (_reservations ??= new ReservationTable()).Add(reservation);

    internal ref readonly RememberedOperation FindOperation(OperationId id) => ref _operations.Find(id);

    internal void Remember(in RememberedOperation operation, int bound) => _operations.Add(operation, LastAtMs, bound);

    internal void Remember(ReadOnlySpan<RememberedOperation> operations, long forgottenAtMs) => _operations.Restore(operations, forgottenAtMs);

    internal PeriodCounts MakeCounts() => Meters.Counts ??= new PeriodCounts();

    internal void FindNextWindow()
    {
        var next = long.MaxValue;
        foreach (var counter in Counters)
        {
            if (counter is not null) next = Math.Min(next, counter.Current.EndMs);
        }
        if (_meters is not null || next != long.MaxValue) Meters.NextWindowMs = next;
    }
}
