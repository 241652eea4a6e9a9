using System.Runtime.CompilerServices;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Reservations;

namespace Enforcer.Ledger.Rules;

/// <summary>
/// The only way in which an account's state changes. It knows no clock, no randomness and no refusal: an entry that does
/// not fit is a broken journal or a bug, and throws <see cref="LedgerException"/> before anything has changed.
/// </summary>
public static class Fold
{
    /// <summary>Adds one entry to a state.</summary>
    /// <exception cref="LedgerException">The entry does not follow from the state.</exception>
    public static void Apply(AccountState state, in Entry entry, LedgerOptions options)
    {
        Invariants.RequireNext(state, entry);
        switch (entry.Kind)
        {
            case EntryKind.Opened: Open(state, entry); break;
            case EntryKind.Reserved: Reserve(state, entry); break;
            case EntryKind.Extended: Extend(state, entry); break;
            case EntryKind.Committed: Commit(state, entry); break;
            case EntryKind.Released:
            case EntryKind.Expired: End(state, entry); break;
            case EntryKind.CommittedLate:
            case EntryKind.Reversed: Adjust(state, entry); break;
            case EntryKind.LimitsSet: SetLimits(state, entry); break;
            case EntryKind.ToppedUp: TopUp(state, entry); break;
            case EntryKind.WindowOpened: OpenWindow(state, entry); break;
            case EntryKind.Suspended: state.Status = AccountStatus.Suspended; break;
            case EntryKind.Resumed: state.Status = AccountStatus.Active; break;
            case EntryKind.Closed: state.Status = AccountStatus.Closed; break;
            default: throw new LedgerException($"Entry {entry.Seq} has the unknown kind {(int)entry.Kind}.");
        }
        state.Seq = entry.Seq;
        state.LastAtMs = entry.AtMs;
        if (!entry.OperationId.IsNone) state.Remember(RememberedOperation.Of(entry), options.RememberedOperations);
        Invariants.Check(state);
    }

    private static void Open(AccountState state, in Entry entry)
    {
        state.Status = AccountStatus.Active;
        state.Unit = entry.Unit ?? "";
    }

    private static void Reserve(AccountState state, in Entry entry)
    {
        var reservation = new Reservation
        {
            Id = entry.ReservationId,
            HeldNanos = entry.HeldDeltaNanos,
            Tokens = entry.TokensDelta,
            ExpiresAtMs = entry.ExpiresAtMs,
            ReservedSeq = entry.Seq,
            LimitMask = entry.LimitMask,
            Priced = entry.Priced,
        };
        Count(state, entry, reservation);
        if (entry.Priced is { Marks.IsEmpty: false } priced) state.MakeCounts().Hold(priced.Marks, priced.Period);
        state.Add(reservation);
    }

    private static void Extend(AccountState state, in Entry entry)
    {
        var reservation = Open(state, entry.ReservationId, entry);
        Count(state, entry, reservation);
        if (entry.Priced is { Marks.IsEmpty: false } priced)
        {
            FreeCounts(state, reservation);
            state.MakeCounts().Hold(priced.Marks, priced.Period);
        }
        state.Reservations.Update(reservation with
        {
            HeldNanos = entry.HeldAfterNanos,
            Tokens = entry.TokensAfter,
            ExpiresAtMs = entry.ExpiresAtMs,
            Priced = entry.Priced ?? reservation.Priced,
        });
    }

    private static void Commit(AccountState state, in Entry entry)
    {
        var reservation = Open(state, entry.ReservationId, entry);
        Count(state, entry, reservation);
        if (entry.Priced is { Marks.IsEmpty: false } priced) state.MakeCounts().Commit(priced.Marks, priced.Period);
        if (entry.Final)
        {
            FreeCounts(state, reservation);
            state.Reservations.Remove(reservation.Id);
            return;
        }
        state.Reservations.Update(reservation with
        {
            HeldNanos = entry.HeldAfterNanos,
            Tokens = entry.TokensAfter,
            CommittedNanos = reservation.CommittedNanos + entry.CommittedDeltaNanos,
            Priced = entry.Priced is null ? reservation.Priced : reservation.Priced?.After(entry.Priced.Usage, entry.Priced.CostNanos, entry.CommittedDeltaNanos),
            IsUsed = true,
        });
    }

    private static void End(AccountState state, in Entry entry)
    {
        var reservation = Open(state, entry.ReservationId, entry);
        Count(state, entry, reservation);
        FreeCounts(state, reservation);
        state.Reservations.Remove(reservation.Id);
    }

    private static void Adjust(AccountState state, in Entry entry)
    {
        Count(state, entry, new Reservation { ReservedSeq = entry.ReservedSeq, LimitMask = entry.LimitMask });
        if (entry.Priced is { Marks.IsEmpty: false } priced) state.MakeCounts().Commit(priced.Marks, priced.Period);
    }

    /// <summary>What an ended reservation could add to running counts is no longer held there.</summary>
    private static void FreeCounts(AccountState state, in Reservation reservation)
    {
        if (reservation.Priced is { Marks.IsEmpty: false } priced) state.MakeCounts().Free(priced.Marks, priced.Period);
    }

    /// <summary>Adds the entry's deltas to every sum that counts the reservation.</summary>
    private static void Count(AccountState state, in Entry entry, in Reservation reservation)
    {
        // A Reserved entry is its reservation's first: its own seq decides its windows.
        state.HeldNanos += entry.HeldDeltaNanos;
        state.CommittedNanos += entry.CommittedDeltaNanos;
        var counters = state.Counters;
        for (var slot = 0; slot < counters.Length; slot++)
        {
            if ((reservation.LimitMask & (1u << slot)) == 0 || counters[slot] is not { } counter) continue;
            counter.Add(counter.MembershipOf(reservation.ReservedSeq), entry.HeldDeltaNanos, entry.CommittedDeltaNanos);
        }
        if (state.Limits.Requests is { } requests) state.Requests = Take(state.Requests, requests, entry.RequestsDelta, reservation.ReservedSeq, entry.AtMs);
        if (state.Limits.Tokens is { } tokens) state.Tokens = Take(state.Tokens, tokens, entry.TokensDelta, reservation.ReservedSeq, entry.AtMs);
    }

    private static TokenBucket Take(in TokenBucket bucket, RateLimit limit, long delta, long reservedSeq, long atMs) =>
        delta == 0 || reservedSeq <= bucket.SinceSeq ? bucket : bucket.At(atMs, limit).Take(delta, limit);

    private static void SetLimits(AccountState state, in Entry entry)
    {
        var limits = entry.Limits ?? throw new LedgerException($"Entry {entry.Seq} (LimitsSet) carries no limits.");
        state.Requests = Refit(state.Requests, state.Limits.Requests, limits.Requests, entry);
        state.Tokens = Refit(state.Tokens, state.Limits.Tokens, limits.Tokens, entry);
        state.Limits = limits;
        state.SetCounters(LimitSlots.Arrange(state.Counters, state.Limits.Spend, entry.Seq));
        state.FindNextWindow();
    }

    /// <summary>A bucket that was there keeps its level, so that setting limits again is no way to fill it; a new one is full.</summary>
    private static TokenBucket Refit(in TokenBucket bucket, RateLimit? old, RateLimit? wanted, in Entry entry)
    {
        if (wanted is null) return default;
        return old is null ? TokenBucket.Full(wanted, entry.AtMs, entry.Seq) : bucket.At(entry.AtMs, old).At(entry.AtMs, wanted);
    }

    private static void TopUp(AccountState state, in Entry entry)
    {
        var spend = state.Limits.Spend.ToArray();
        for (var i = 0; i < spend.Length; i++)
        {
            if (spend[i].IsBalance) spend[i] = spend[i] with { CapNanos = spend[i].CapNanos + entry.AmountNanos };
        }
        var limits = state.Limits;
        state.Limits = new LimitSet(spend, limits.Requests, limits.Tokens, limits.Concurrency, limits.OnExpiry);
        state.SetCounters(LimitSlots.Arrange(state.Counters, state.Limits.Spend, entry.Seq));
    }

    private static void OpenWindow(AccountState state, in Entry entry)
    {
        var counter = entry.Slot < state.Counters.Length ? state.Counters[entry.Slot] : null;
        if (counter is null) throw new LedgerException($"Entry {entry.Seq} opens a window in the empty slot {entry.Slot}.");
        counter.Open(entry.Seq, entry.WindowStartMs, entry.ExpiresAtMs);
        state.FindNextWindow();
    }

    private static Reservation Open(AccountState state, OperationId id, in Entry entry)
    {
        ref readonly var found = ref state.Reservations.Find(id);
        if (Unsafe.IsNullRef(in found))
            throw new LedgerException($"Entry {entry.Seq} ({entry.Kind}) names reservation {id}, which is not open.");
        return found;
    }
}
