using System.Runtime.CompilerServices;

namespace Enforcer.Ledger.Reservations;

/// <summary>
/// The open reservations of one account: found by id, and the next to expire first. All of it lies in one array that grows by
/// doubling; a handful is searched through, beyond that an open-addressing index finds ids. Steady use allocates nothing, and
/// an account without open reservations keeps next to no memory for them.
/// </summary>
/// <remarks>
/// A reservation stays where it was put. Its order is kept beside it: the numbers <c>Listed</c> of all slots, read from the first
/// to the last, are a binary heap of the open reservations by expiry, followed by the slots that are free.
/// </remarks>
public sealed class ReservationTable
{
    private const int IndexFrom = 16;
    private const int KeptWhenEmpty = 4;
    private Slot[] _slots = [];
    private int[]? _index;

    /// <summary>The table of all accounts that have none open; nothing is ever added to it.</summary>
    internal static ReservationTable Empty { get; } = new();

    /// <summary>How many are open.</summary>
    public int Count { get; private set; }

    /// <summary>When the first of them ends by time, Unix ms; <see cref="long.MaxValue"/> if none is open.</summary>
    public long NextExpiryMs => Count == 0 ? long.MaxValue : First.ExpiresAtMs;

    /// <summary>The one that ends first; there must be one.</summary>
    public ref readonly Reservation First => ref _slots[_slots[0].Listed].Value;

    /// <summary>All of them in the order of their Reserved entries: a copy, for snapshots and views.</summary>
    public Reservation[] ToSortedArray()
    {
        var all = new Reservation[Count];
        for (var i = 0; i < Count; i++) all[i] = _slots[_slots[i].Listed].Value;
        Array.Sort(all, static (a, b) => a.ReservedSeq.CompareTo(b.ReservedSeq));
        return all;
    }

    /// <summary>Finds one by its id; a null reference (<see cref="Unsafe.IsNullRef{T}"/>) if it is not open.</summary>
    public ref readonly Reservation Find(OperationId id)
    {
        var slot = SlotOf(id);
        return ref slot < 0 ? ref Unsafe.NullRef<Reservation>() : ref _slots[slot].Value;
    }

    internal long Warm() => _slots is { Length: > 0 } slots ? slots[0].Listed + slots[^1].Listed : 0;

    internal void Add(in Reservation reservation)
    {
        if (Count == _slots.Length) Grow();
        var slot = _slots[Count].Listed;
        _slots[slot].Value = reservation;
        Count++;
        RiseFrom(Count - 1);
        if (_index is not null && Count * 2 <= _index.Length) Insert(slot);
        else if (Count > IndexFrom) Rebuild();
    }

    internal void Update(in Reservation reservation)
    {
        var slot = SlotOf(reservation.Id);
        _slots[slot].Value = reservation;
        SinkFrom(_slots[slot].At);
        RiseFrom(_slots[slot].At);
    }

    internal void Remove(OperationId id)
    {
        var slot = SlotOf(id);
        if (_index is not null) RemoveFromIndex(id);
        var at = _slots[slot].At;
        Count--;
        if (at != Count)
        {
            List(at, _slots[Count].Listed);
            List(Count, slot);
            SinkFrom(at);
            RiseFrom(at);
        }
        if (Count > 0 || _slots.Length <= KeptWhenEmpty) return;
        // A burst of reservations must not leave its memory behind in a quiet account.
        _slots = [];
        _index = null;
    }

    private void Grow()
    {
        Array.Resize(ref _slots, Math.Max(1, Count * 2));
        for (var free = Count; free < _slots.Length; free++) _slots[free].Listed = free;
    }

    private int SlotOf(OperationId id)
    {
        if (_index is null)
        {
            for (var i = 0; i < Count; i++)
            {
                if (_slots[_slots[i].Listed].Value.Id == id) return _slots[i].Listed;
            }
            return -1;
        }
        for (var at = Home(id); ; at = (at + 1) & (_index.Length - 1))
        {
            var slot = _index[at] - 1;
            if (slot < 0) return -1;
            if (_slots[slot].Value.Id == id) return slot;
        }
    }

    private int Home(OperationId id)
    {
        // The random half of the id is spread well already; multiply, so that ids chosen to collide must guess it.
        var mixed = unchecked((id.Low ^ (id.High * 0x9E37_79B9_7F4A_7C15)) * 0xD6E8_FEB8_6659_FD93);
        return (int)(mixed >> 33) & (_index!.Length - 1);
    }

    private void Insert(int slot)
    {
        var at = Home(_slots[slot].Value.Id);
        while (_index![at] != 0) at = (at + 1) & (_index.Length - 1);
        _index[at] = slot + 1;
    }

    private void Rebuild()
    {
        _index = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Count * 4)];
        for (var i = 0; i < Count; i++) Insert(_slots[i].Listed);
    }

    /// <summary>Removes with backward shift, so that no tombstones pile up.</summary>
    private void RemoveFromIndex(OperationId id)
    {
        var mask = _index!.Length - 1;
        var hole = Home(id);
        while (_slots[_index[hole] - 1].Value.Id != id) hole = (hole + 1) & mask;
        for (var at = (hole + 1) & mask; _index[at] != 0; at = (at + 1) & mask)
        {
            var home = Home(_slots[_index[at] - 1].Value.Id);
            if (((at - home) & mask) < ((at - hole) & mask)) continue;
            _index[hole] = _index[at];
            hole = at;
        }
        _index[hole] = 0;
    }

    private void RiseFrom(int at)
    {
        var slot = _slots[at].Listed;
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (!IsBefore(slot, _slots[parent].Listed)) break;
            List(at, _slots[parent].Listed);
            at = parent;
        }
        List(at, slot);
    }

    private void SinkFrom(int at)
    {
        var slot = _slots[at].Listed;
        for (var child = (2 * at) + 1; child < Count; child = (2 * at) + 1)
        {
            if (child + 1 < Count && IsBefore(_slots[child + 1].Listed, _slots[child].Listed)) child++;
            if (!IsBefore(_slots[child].Listed, slot)) break;
            List(at, _slots[child].Listed);
            at = child;
        }
        List(at, slot);
    }

    /// <summary>Ties end in the order of their Reserved entries, so that the same state always expires the same way.</summary>
    private bool IsBefore(int left, int right)
    {
        ref readonly var a = ref _slots[left].Value;
        ref readonly var b = ref _slots[right].Value;
        return a.ExpiresAtMs != b.ExpiresAtMs ? a.ExpiresAtMs < b.ExpiresAtMs : a.ReservedSeq < b.ReservedSeq;
    }

    private void List(int at, int slot)
    {
        _slots[at].Listed = slot;
        _slots[slot].At = at;
    }

    private struct Slot
    {
        public Reservation Value;

        /// <summary>Where this slot is listed.</summary>
        public int At;

        /// <summary>The slot that is listed here.</summary>
        public int Listed;
    }
}
