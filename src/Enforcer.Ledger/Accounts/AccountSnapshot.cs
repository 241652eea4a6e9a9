using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Prices;
using Enforcer.Ledger.Reservations;
using Enforcer.Ledger.Rules;

namespace Enforcer.Ledger.Accounts;

/// <summary>
/// A state laid open, to be written down and read back. Two states are the same exactly if their snapshots have the same
/// parts in the same order, which is how replay is checked against memory.
/// </summary>
public sealed class AccountSnapshot
{
    /// <summary>See <see cref="AccountState.Status"/>.</summary>
    public AccountStatus Status { get; init; }

    /// <summary>See <see cref="AccountState.Seq"/>.</summary>
    public long Seq { get; init; }

    /// <summary>See <see cref="AccountState.LastAtMs"/>.</summary>
    public long LastAtMs { get; init; }

    /// <summary>See <see cref="AccountState.Unit"/>.</summary>
    public string Unit { get; init; } = "";

    /// <summary>See <see cref="AccountState.Limits"/>.</summary>
    public LimitSet Limits { get; init; } = LimitSet.Unlimited;

    /// <summary>See <see cref="AccountState.CommittedNanos"/>.</summary>
    public long CommittedNanos { get; init; }

    /// <summary>See <see cref="AccountState.Requests"/>.</summary>
    public TokenBucket Requests { get; init; }

    /// <summary>See <see cref="AccountState.Tokens"/>.</summary>
    public TokenBucket Tokens { get; init; }

    /// <summary>The spend limits, by slot.</summary>
    public IReadOnlyList<CounterSnapshot> Counters { get; init; } = [];

    /// <summary>The open reservations, in the order in which they were made.</summary>
    public IReadOnlyList<Reservation> Reservations { get; init; } = [];

    /// <summary>The operations remembered, oldest first.</summary>
    public IReadOnlyList<RememberedOperation> Operations { get; init; } = [];

    /// <summary>See <see cref="RememberedOperations.ForgottenAtMs"/>.</summary>
    public long ForgottenAtMs { get; init; } = long.MinValue;

    /// <summary>See <see cref="PeriodCounts.Period"/>; 0 without running counts.</summary>
    public int CountsPeriod { get; init; }

    /// <summary>See <see cref="PeriodCounts.All"/>.</summary>
    public IReadOnlyList<PeriodCount> Counts { get; init; } = [];

    /// <summary>Lays a state open.</summary>
    public static AccountSnapshot Of(AccountState state)
    {
        var counters = new List<CounterSnapshot>(state.Counters.Length);
        for (var slot = 0; slot < state.Counters.Length; slot++)
        {
            if (state.Counters[slot] is { } counter)
                counters.Add(new CounterSnapshot(slot, counter.Limit, counter.CreatedSeq, counter.Current, counter.Previous));
        }
        return new AccountSnapshot
        {
            Status = state.Status,
            Seq = state.Seq,
            LastAtMs = state.LastAtMs,
            Unit = state.Unit,
            Limits = state.Limits,
            CommittedNanos = state.CommittedNanos,
            Requests = state.Requests,
            Tokens = state.Tokens,
            Counters = counters,
            Reservations = state.Reservations.ToSortedArray(),
            Operations = state.Operations.ToArray(),
            ForgottenAtMs = state.Operations.ForgottenAtMs,
            CountsPeriod = state.Counts?.Period ?? 0,
            Counts = state.Counts is null ? [] : [.. state.Counts.All],
        };
    }

    /// <summary>Makes the state again.</summary>
    /// <exception cref="LedgerException">The parts do not add up.</exception>
    public AccountState ToState()
    {
        var state = new AccountState
        {
            Status = Status,
            Seq = Seq,
            LastAtMs = LastAtMs,
            Unit = Unit,
            Limits = Limits,
            CommittedNanos = CommittedNanos,
            Requests = Requests,
            Tokens = Tokens,
        };
        var slots = new SpendCounter?[Counters.Count == 0 ? 0 : Counters.Max(c => c.Slot) + 1];
        foreach (var counter in Counters)
            slots[counter.Slot] = new SpendCounter(InSet(counter.Limit, state.Limits), counter.CreatedSeq, counter.Current, counter.Previous);
        state.SetCounters(slots);
        foreach (var reservation in Reservations)
        {
            state.Add(reservation);
            state.HeldNanos += reservation.HeldNanos;
        }
        state.Remember(Operations.ToArray(), ForgottenAtMs);
        if (CountsPeriod > 0) state.MakeCounts().Restore(CountsPeriod, Counts);
        state.FindNextWindow();
        Invariants.CheckAll(state);
        return state;
    }

    /// <summary>The set's own instance of an equal limit, so that the state keeps each limit once.</summary>
    private static SpendLimit InSet(SpendLimit limit, LimitSet limits) => limits.Spend.FirstOrDefault(limit.Equals, limit);
}
