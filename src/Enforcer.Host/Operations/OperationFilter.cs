using System.Numerics;
using System.Runtime.Intrinsics;
using Enforcer.Ledger;

namespace Enforcer.Host.Operations;

/// <summary>
/// Says of an operation id that it has certainly not been executed here lately, so that a new operation need not ask the
/// journal. It keeps a 32-bit mark per recent operation of all accounts, in generations of which the oldest is forgotten.
/// </summary>
/// <remarks>
/// It may only err on one side. "Not here" is relied upon: a mark is never lost while its generation lives, because
/// marks are only added, and a generation that is full is closed. "Perhaps" costs a look into the journal; two ids share
/// a mark in the same bucket about once in 10^8. What it covers is told by <see cref="CoveredSinceMs"/>: nothing older.
/// </remarks>
public sealed class OperationFilter
{
    private const int Generations = 4;
    private const int BucketSize = 16;
    private readonly Lock _adding = new();
    private readonly int _buckets;
    private readonly int _perGeneration;
    private Generation[] _generations;
    private long _coveredSinceMs = long.MinValue;

    /// <summary>Makes a filter for about so many operations.</summary>
    public OperationFilter(int capacity)
    {
        // Buckets are filled to about 60%: beyond that, overflowing into neighbours makes looking up slow.
        var perGeneration = Math.Max(1024, capacity / Generations);
        _buckets = (int)BitOperations.RoundUpToPowerOf2((uint)(perGeneration / BucketSize));
        _perGeneration = _buckets * BucketSize * 6 / 10;
        _generations = [new Generation(_buckets)];
    }

    /// <summary>Every operation added whose account time is after this moment (Unix ms) still has its mark.</summary>
    public long CoveredSinceMs => Volatile.Read(ref _coveredSinceMs);

    /// <summary>Marks an operation as executed at a moment in account time.</summary>
    public void Add(long account, OperationId id, long atMs)
    {
        var (bucket, mark) = Place(account, id);
        lock (_adding)
        {
            var newest = _generations[^1];
            if (newest.Count >= _perGeneration) newest = Rotate();
            newest.Add(bucket, mark, atMs);
        }
    }

    /// <summary>False only if no operation with this id was added for the account after <see cref="CoveredSinceMs"/>.</summary>
    /// <param name="account">The account's number.</param>
    /// <param name="id">The operation.</param>
    /// <param name="earliestMs">The earliest account time at which it can have been executed; older marks are not looked at.</param>
    public bool MayContain(long account, OperationId id, long earliestMs)
    {
        var (bucket, mark) = Place(account, id);
        var generations = Volatile.Read(ref _generations);
        for (var i = generations.Length - 1; i >= 0; i--)
        {
            if (generations[i].NewestMs < earliestMs) continue;
            if (generations[i].Contains(bucket, mark)) return true;
        }
        return false;
    }

    private Generation Rotate()
    {
        var kept = _generations;
        if (kept.Length == Generations)
        {
            // Accounts' clocks differ: what is no longer covered ends at the newest moment in what is dropped. It is told first.
            Volatile.Write(ref _coveredSinceMs, Math.Max(_coveredSinceMs, kept[0].NewestMs));
            kept = kept[1..];
        }
        var newest = new Generation(_buckets);
        Volatile.Write(ref _generations, [.. kept, newest]);
        return newest;
    }

    private (int Bucket, uint Mark) Place(long account, OperationId id)
    {
        unchecked
        {
            var high = Math.BigMul(id.Low ^ ((ulong)account * 0x9E37_79B9_7F4A_7C15), id.High | 1, out var low);
            var hash = (high ^ low) * 0xD6E8_FEB8_6659_FD93;
            hash ^= hash >> 32;
            // Zero marks an empty place.
            return ((int)(hash >> 32) & (_buckets - 1), (uint)hash | 1);
        }
    }

    private sealed class Generation(int buckets)
    {
        private readonly uint[] _marks = new uint[buckets * BucketSize];

        public long NewestMs { get; private set; } = long.MinValue;

        public int Count { get; private set; }

        public void Add(int bucket, uint mark, long atMs)
        {
            NewestMs = Math.Max(NewestMs, atMs);
            for (; ; bucket = (bucket + 1) & (buckets - 1))
            {
                var places = _marks.AsSpan(bucket * BucketSize, BucketSize);
                // A history that is walked again marks the same operations: that must not use the generation up.
                if (places.Contains(mark)) return;
                var empty = places.IndexOf(0u);
                if (empty < 0) continue;
                Volatile.Write(ref places[empty], mark);
                Count++;
                return;
            }
        }

        public bool Contains(int bucket, uint mark)
        {
            for (; ; bucket = (bucket + 1) & (buckets - 1))
            {
                ref var first = ref _marks[bucket * BucketSize];
                var left = Vector256.LoadUnsafe(ref first);
                var right = Vector256.LoadUnsafe(ref first, 8);
                var wanted = Vector256.Create(mark);
                if (Vector256.EqualsAny(left, wanted) || Vector256.EqualsAny(right, wanted)) return true;
                if (Vector256.EqualsAny(right, Vector256<uint>.Zero) || Vector256.EqualsAny(left, Vector256<uint>.Zero)) return false;
            }
        }
    }
}
