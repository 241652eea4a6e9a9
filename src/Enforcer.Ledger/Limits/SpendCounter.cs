using System.Runtime.CompilerServices;

namespace Enforcer.Ledger.Limits;

/// <summary>
/// One spend limit of an account with what it has counted: its current window and the one before, in which late
/// settlements of reservations made there are still exact.
/// </summary>
/// <remarks>
/// Which window counts a reservation follows from two facts that never change: the slots whose bit is in its mask, and
/// the seq of its Reserved entry. A slot that is used again for another limit, and a window that came later, both have a
/// higher <see cref="WindowUse.SinceSeq"/>, so an old reservation can never be counted by them.
/// </remarks>
public sealed class SpendCounter
{
    /// <summary>Only limits with calendar windows ever have one.</summary>
    private StrongBox<WindowUse>? _previous;

    internal SpendCounter(SpendLimit limit, long createdSeq)
    {
        Limit = limit;
        CreatedSeq = createdSeq;
        Current = new WindowUse { SinceSeq = createdSeq, EndMs = limit.IsWindowed ? 0 : long.MaxValue };
    }

    internal SpendCounter(SpendLimit limit, long createdSeq, in WindowUse current, in WindowUse previous)
    {
        Limit = limit;
        CreatedSeq = createdSeq;
        Current = current;
        if (previous != NoWindow) _previous = new StrongBox<WindowUse>(previous);
    }

    /// <summary>The use of a window that counts nothing.</summary>
    public static WindowUse NoWindow => new() { SinceSeq = long.MaxValue };

    /// <summary>The limit.</summary>
    public SpendLimit Limit { get; private set; }

    /// <summary>The seq of the entry that set the limit.</summary>
    public long CreatedSeq { get; }

    /// <summary>The window that new reservations belong to.</summary>
    public WindowUse Current { get; private set; }

    /// <summary>The window before it.</summary>
    public WindowUse Previous => _previous?.Value ?? NoWindow;

    /// <summary>Cap − committed − held − delegated, of the current window.</summary>
    public long HeadroomNanos => Current.HeadroomNanos(Limit.CapNanos);

    /// <summary>Which window counts a reservation that has this limit's bit in its mask.</summary>
    internal Membership MembershipOf(long reservedSeq)
    {
        if (reservedSeq > Current.SinceSeq) return Membership.Current;
        if (reservedSeq > _previous?.Value.SinceSeq) return Membership.Previous;
        return reservedSeq > CreatedSeq ? Membership.Gone : Membership.None;
    }

    internal void Add(Membership membership, long heldDelta, long committedDelta)
    {
        if (membership == Membership.Current) Current = Current.Add(heldDelta, committedDelta, Limit.CapNanos);
        else if (membership == Membership.Previous) _previous!.Value = Previous.Add(heldDelta, committedDelta, Limit.CapNanos);
    }

    internal void Open(long seq, long startMs, long endMs)
    {
        (_previous ??= new StrongBox<WindowUse>()).Value = Current;
        Current = new WindowUse { SinceSeq = seq, StartMs = startMs, EndMs = endMs };
    }

    internal void Replace(SpendLimit limit)
    {
        Limit = limit;
        Current = Current.Settled(limit.CapNanos);
        if (_previous is not null) _previous.Value = Previous.Settled(limit.CapNanos);
    }
}
