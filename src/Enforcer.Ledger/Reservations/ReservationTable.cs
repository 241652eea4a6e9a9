using System.Runtime.CompilerServices;

namespace Enforcer.Ledger.Reservations;

/// <summary>
/// The open reservations of one account: found by id, and the next to expire first. Slots lie in one array that grows by
/// doubling; a binary heap of slots orders them by expiry; beyond a handful an open-addressing index finds ids. Steady use
/// allocates nothing, and an account without open reservations keeps no memory for them.
/// </summary>
public sealed class ReservationTable
{
    private const int IndexFrom = 16;
    private Slot[] _slots = [];
    private int[] _heap = [];
    private int[]? _index;
    private int _free = -1;
    private int _used;

    /// <summary>How many are open.</summary>
    public int Count { get; private set; }

    /// <summary>When the first of them ends by time, Unix ms; <see cref="long.MaxValue"/> if none is open.</summary>
    public long NextExpiryMs => Count == 0 ? long.MaxValue : _slots[_heap[0]].Value.ExpiresAtMs;

    /// <summary>The one that ends first; there must be one.</summary>
    public ref readonly Reservation First => ref _slots[_heap[0]].Value;

    /// <summary>All of them in the order of their Reserved entries: a copy, for snapshots and views.</summary>
    public Reservation[] ToSortedArray()
    {
        var all = new Reservation[Count];
        for (var i = 0; i < Count; i++) all[i] = _slots[_heap[i]].Value;
        Array.Sort(all, static (a, b) => a.ReservedSeq.CompareTo(b.ReservedSeq));
        return all;
    }

    /// <summary>Finds one by its id; a null reference (<see cref="Unsafe.IsNullRef{T}"/>) if it is not open.</summary>
    public ref readonly Reservation Find(OperationId id)
    {
        var slot = SlotOf(id);
        return ref slot < 0 ? ref Unsafe.NullRef<Reservation>() : ref _slots[slot].Value;
    }

    internal void Add(in Reservation reservation)
    {
        var slot = Take();
        _slots[slot].Value = reservation;
        if (Count == _heap.Length) Array.Resize(ref _heap, Math.Max(2, Count * 2));
        Place(Count, slot);
        Count++;
        RiseFrom(Count - 1);
        if (_index is not null && Count * 2 <= _index.Length) Insert(slot);
        else if (Count > IndexFrom) Rebuild();
    }

    internal void Update(in Reservation reservation)
    {
        var slot = SlotOf(reservation.Id);
        _slots[slot].Value = reservation;
        SinkFrom(_slots[slot].HeapAt);
        RiseFrom(_slots[slot].HeapAt);
    }

    internal void Remove(OperationId id)
    {
        var slot = SlotOf(id);
        if (_index is not null) RemoveFromIndex(id);
        var at = _slots[slot].HeapAt;
        Count--;
        if (at != Count)
        {
            Place(at, _heap[Count]);
            SinkFrom(at);
            RiseFrom(at);
        }
        _slots[slot] = new Slot { NextFree = _free };
        _free = slot;
        if (Count == 0 && _slots.Length > 4) Reset();
    }

    private void Reset()
    {
        // A burst of reservations must not leave its memory behind in a quiet account; four slots are kept.
        _slots = new Slot[4];
        _heap = new int[4];
        _index = null;
        _free = -1;
        _used = 0;
    }

    private int Take()
    {
        if (_free >= 0)
        {
            var slot = _free;
            _free = _slots[slot].NextFree;
            return slot;
        }
        if (_used == _slots.Length) Array.Resize(ref _slots, Math.Max(2, _used * 2));
        return _used++;
    }

    private int SlotOf(OperationId id)
    {
        if (_index is null)
        {
            for (var i = 0; i < Count; i++)
            {
                if (_slots[_heap[i]].Value.Id == id) return _heap[i];
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
        for (var i = 0; i < Count; i++) Insert(_heap[i]);
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
        var slot = _heap[at];
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (!IsBefore(slot, _heap[parent])) break;
            Place(at, _heap[parent]);
            at = parent;
        }
        Place(at, slot);
    }

    private void SinkFrom(int at)
    {
        var slot = _heap[at];
        for (var child = (2 * at) + 1; child < Count; child = (2 * at) + 1)
        {
            if (child + 1 < Count && IsBefore(_heap[child + 1], _heap[child])) child++;
            if (!IsBefore(_heap[child], slot)) break;
            Place(at, _heap[child]);
            at = child;
        }
        Place(at, slot);
    }

    /// <summary>Ties end in the order of their Reserved entries, so that the same state always expires the same way.</summary>
    private bool IsBefore(int left, int right)
    {
        ref readonly var a = ref _slots[left].Value;
        ref readonly var b = ref _slots[right].Value;
        return a.ExpiresAtMs != b.ExpiresAtMs ? a.ExpiresAtMs < b.ExpiresAtMs : a.ReservedSeq < b.ReservedSeq;
    }

    private void Place(int at, int slot)
    {
        _heap[at] = slot;
        _slots[slot].HeapAt = at;
    }

    private struct Slot
    {
        public Reservation Value;
        public int HeapAt;
        public int NextFree;
    }
}
