using System.Runtime.CompilerServices;

namespace Enforcer.Ledger.Accounts;

/// <summary>
/// The most recent operations of an account, a ring that grows to its bound. What falls out is still in the account's
/// history; <see cref="ForgottenAtMs"/> says up to when, so that an id is known to be new without asking the history.
/// A part of its account's state and no object of its own; packed while nobody uses the account.
/// </summary>
public struct RememberedOperations
{
    /// <summary>The ring, or the words of <see cref="PackedOperations"/>.</summary>
    private Array _kept;
    private int _next;

    /// <summary>Remembers nothing.</summary>
    public RememberedOperations() => _kept = Array.Empty<RememberedOperation>();

    /// <summary>How many are remembered.</summary>
    public int Count { readonly get; private set; }

    /// <summary>
    /// The account's time when it last forgot an operation, so no forgotten one is newer; <see cref="long.MinValue"/> if none was.
    /// </summary>
    public long ForgottenAtMs { readonly get; private set; } = long.MinValue;

    /// <summary>The remembered ones, oldest first: a copy, for snapshots.</summary>
    public readonly RememberedOperation[] ToArray()
    {
        if (_kept is not RememberedOperation[] ring) return PackedOperations.Unpack((ulong[])_kept, Count);
        var all = new RememberedOperation[Count];
        for (var i = 0; i < Count; i++) all[i] = ring[(_next - Count + i + ring.Length) % ring.Length];
        return all;
    }

    /// <summary>Finds one; a null reference if it is not remembered here.</summary>
    internal ref readonly RememberedOperation Find(OperationId id)
    {
        var ring = Ring();
        for (var i = 0; i < Count; i++)
        {
            if (ring[i].Id == id) return ref ring[i];
        }
        return ref Unsafe.NullRef<RememberedOperation>();
    }

    internal readonly long Warm()
    {
        var seen = 0L;
        if (_kept is not RememberedOperation[] ring) return _kept.Length;
        foreach (ref readonly var operation in ring.AsSpan()) seen += operation.BodyHash;
        return seen;
    }

    internal void Add(in RememberedOperation operation, long atMs, int bound)
    {
        var ring = Ring();
        if (Count == ring.Length && Count < bound) ring = Grow(bound);
        if (Count == ring.Length) ForgottenAtMs = Math.Max(ForgottenAtMs, atMs);
        else Count++;
        ring[_next] = operation;
        _next = _next + 1 == ring.Length ? 0 : _next + 1;
    }

    internal void Restore(ReadOnlySpan<RememberedOperation> operations, long forgottenAtMs)
    {
        (_kept, _next, Count) = (operations.ToArray(), 0, operations.Length);
        ForgottenAtMs = forgottenAtMs;
    }

    /// <summary>Takes less memory until the next use.</summary>
    internal void Pack()
    {
        if (Count > 0 && _kept is RememberedOperation[]) _kept = PackedOperations.Pack(ToArray());
    }

    private RememberedOperation[] Ring()
    {
        if (_kept is RememberedOperation[] ring) return ring;
        ring = PackedOperations.Unpack((ulong[])_kept, Count);
        (_kept, _next) = (ring, 0);
        return ring;
    }

    private RememberedOperation[] Grow(int bound)
    {
        // Most accounts are seldom used: the first few places are added one by one.
        var grown = new RememberedOperation[Math.Min(bound, Count + 1 + (Count / 4))];
        ToArray().CopyTo(grown, 0);
        (_kept, _next) = (grown, Count);
        return grown;
    }
}
