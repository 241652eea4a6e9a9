using System.Runtime.CompilerServices;

namespace Enforcer.Ledger.Accounts;

/// <summary>
/// The most recent operations of an account, a ring that grows to its bound. What falls out is still in the account's
/// history; <see cref="ForgottenAtMs"/> says up to when, so that an id is known to be new without asking the history.
/// </summary>
public sealed class RememberedOperations
{
    private RememberedOperation[] _ring = [];
    private int _next;

    /// <summary>How many are remembered.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// The account's time when it last forgot an operation, so no forgotten one is newer; <see cref="long.MinValue"/> if none was.
    /// </summary>
    public long ForgottenAtMs { get; private set; } = long.MinValue;

    /// <summary>Finds one; a null reference if it is not remembered here.</summary>
    public ref readonly RememberedOperation Find(OperationId id)
    {
        var ring = _ring;
        for (var i = 0; i < Count; i++)
        {
            if (ring[i].Id == id) return ref ring[i];
        }
        return ref Unsafe.NullRef<RememberedOperation>();
    }

    /// <summary>The remembered ones, oldest first: a copy, for snapshots.</summary>
    public RememberedOperation[] ToArray()
    {
        var all = new RememberedOperation[Count];
        for (var i = 0; i < Count; i++) all[i] = _ring[(_next - Count + i + _ring.Length) % _ring.Length];
        return all;
    }

    internal long Warm()
    {
        var ring = _ring;
        var seen = 0L;
        foreach (ref readonly var operation in ring.AsSpan()) seen += operation.BodyHash;
        return seen;
    }

    internal void Add(in RememberedOperation operation, long atMs, int bound)
    {
        if (Count == _ring.Length && Count < bound) Grow(bound);
        if (Count == _ring.Length) ForgottenAtMs = Math.Max(ForgottenAtMs, atMs);
        else Count++;
        _ring[_next] = operation;
        _next = _next + 1 == _ring.Length ? 0 : _next + 1;
    }

    internal void Restore(ReadOnlySpan<RememberedOperation> operations, long forgottenAtMs)
    {
        _ring = operations.ToArray();
        Count = _ring.Length;
        _next = 0;
        ForgottenAtMs = forgottenAtMs;
    }

    private void Grow(int bound)
    {
        // Most accounts are seldom used: the first few places are added one by one.
        var grown = new RememberedOperation[Math.Min(bound, Count + 1 + (Count / 4))];
        ToArray().CopyTo(grown, 0);
        _ring = grown;
        _next = Count;
    }
}
