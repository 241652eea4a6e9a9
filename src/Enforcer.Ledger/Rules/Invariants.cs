using System.Runtime.CompilerServices;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Entries;

namespace Enforcer.Ledger.Rules;

/// <summary>
/// The invariants of SPEC section 5 that one account can see by itself; on in production. The cheap ones run at every
/// entry; <see cref="CheckAll"/> adds everything up again, at loading, verifying and in tests.
/// </summary>
public static class Invariants
{
    /// <summary>Before an entry: it is the next one, and time does not run backwards (SPEC 5.3).</summary>
    internal static void RequireNext(AccountState state, in Entry entry)
    {
        if (entry.Seq != state.Seq + 1) throw new LedgerException($"Entry {entry.Seq} does not follow entry {state.Seq}.");
        if (entry.AtMs < state.LastAtMs)
            throw new LedgerException($"Entry {entry.Seq} is at {entry.AtMs} ms, before entry {state.Seq} at {state.LastAtMs} ms.");
        if ((entry.Kind == EntryKind.Opened) != (state.Status == AccountStatus.None))
            throw new LedgerException($"Entry {entry.Seq} is {entry.Kind}, but the account's status is {state.Status}.");
        if (entry.Kind == EntryKind.Reserved && !Unsafe.IsNullRef(in state.Reservations.Find(entry.ReservationId)))
            throw new LedgerException($"Entry {entry.Seq} makes reservation {entry.ReservationId}, which is already open.");
        if (entry.Kind is EntryKind.Reserved or EntryKind.Extended) RequireRoom(state, entry);
    }

    /// <summary>After an entry: no sum that can only be positive is negative, and nothing open means nothing held (SPEC 5.7).</summary>
    internal static void Check(AccountState state)
    {
        if (state.HeldNanos < 0 || (state.Reservations.Count == 0 && state.HeldNanos != 0))
            throw new LedgerException($"After entry {state.Seq}, {state.Reservations.Count} open reservations hold {state.HeldNanos} nanos.");
    }

    /// <summary>Adds all open reservations up and compares every sum.</summary>
    /// <exception cref="LedgerException">A sum differs.</exception>
    public static void CheckAll(AccountState state)
    {
        var held = 0L;
        foreach (var reservation in state.Reservations.ToSortedArray()) held += reservation.HeldNanos;
        if (held != state.HeldNanos)
            throw new LedgerException($"Open reservations hold {held} nanos, but the account says {state.HeldNanos}.");
        for (var slot = 0; slot < state.Counters.Length; slot++)
        {
            if (state.Counters[slot] is { } counter) CheckCounter(state, counter, slot);
        }
    }

    private static void CheckCounter(AccountState state, Limits.SpendCounter counter, int slot)
    {
        long current = 0, previous = 0;
        foreach (var reservation in state.Reservations.ToSortedArray())
        {
            if ((reservation.LimitMask & (1u << slot)) == 0) continue;
            var membership = counter.MembershipOf(reservation.ReservedSeq);
            if (membership == Limits.Membership.Current) current += reservation.HeldNanos;
            else if (membership == Limits.Membership.Previous) previous += reservation.HeldNanos;
        }
        if (current != counter.Current.HeldNanos || previous != counter.Previous.HeldNanos)
        {
            throw new LedgerException(
                $"Limit '{counter.Limit.Label}' counts {counter.Current.HeldNanos} and {counter.Previous.HeldNanos} nanos held " +
                $"in its two windows, but its open reservations hold {current} and {previous}.");
        }
    }

    /// <summary>SPEC 5.1, the cap: no grant without the headroom for it, in every window that counts it.</summary>
    private static void RequireRoom(AccountState state, in Entry entry)
    {
        if (entry.HeldDeltaNanos < 0) throw new LedgerException($"Entry {entry.Seq} ({entry.Kind}) gives back {-entry.HeldDeltaNanos} nanos.");
        if (entry.HeldDeltaNanos == 0) return;
        var mask = entry.LimitMask;
        var reservedSeq = entry.Seq;
        if (entry.Kind == EntryKind.Extended)
        {
            ref readonly var open = ref state.Reservations.Find(entry.ReservationId);
            if (Unsafe.IsNullRef(in open)) return;
            mask = open.LimitMask;
            reservedSeq = open.ReservedSeq;
        }
        var counters = state.Counters;
        for (var slot = 0; slot < counters.Length; slot++)
        {
            if ((mask & (1u << slot)) == 0 || counters[slot] is not { } counter) continue;
            var headroom = HeadroomIn(counter, counter.MembershipOf(reservedSeq));
            if (entry.HeldDeltaNanos > headroom)
            {
                throw new LedgerException(
                    $"Entry {entry.Seq} ({entry.Kind}) takes {entry.HeldDeltaNanos} nanos, but limit '{counter.Limit.Label}' has {headroom}.");
            }
        }
    }

    private static long HeadroomIn(Limits.SpendCounter counter, Limits.Membership membership) => membership switch
    {
        Limits.Membership.Current => counter.HeadroomNanos,
        Limits.Membership.Previous => counter.Previous.HeadroomNanos(counter.Limit.CapNanos),
        _ => Outcome.NoCap,
    };
}
