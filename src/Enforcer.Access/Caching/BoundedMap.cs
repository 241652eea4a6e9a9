using System.Collections.Concurrent;

namespace Enforcer.Access;

/// <summary>
/// A map that forgets what was not asked for recently: a young generation that fills up and an old one that is then
/// dropped whole. Costs nothing per look-up and never holds more than twice its capacity.
/// </summary>
/// <remarks>
/// Reads take no lock. Whoever sets or removes a hash must hold that hash's gate (see
/// <see cref="CredentialCache{T}"/>), so that nothing else moves the same hash meanwhile; different hashes may be
/// changed at once.
/// </remarks>
internal sealed class BoundedMap<TValue>(int capacity)
    where TValue : class
{
    private readonly Lock _turnover = new();
    private volatile Generations _generations = new(new(), new());
    private int _young;

    /// <summary>Finds a value; <paramref name="isOld"/> says that it will be dropped soon unless it is set again.</summary>
    public TValue? Find(in CredentialHash hash, out bool isOld)
    {
        var generations = _generations;
        isOld = false;
        if (generations.Young.TryGetValue(hash, out var value))
            return value;
        isOld = generations.Old.TryGetValue(hash, out value);
        return value;
    }

    /// <summary>Sets a value in the young generation.</summary>
    public void Set(in CredentialHash hash, TValue value)
    {
        // A turnover in between puts the value into the old generation: it is found there all the same.
        if (!_generations.Young.TryAdd(hash, value))
            _generations.Young[hash] = value;
        else if (Interlocked.Increment(ref _young) >= capacity)
            TurnOver();
    }

    /// <summary>Removes a hash from both generations.</summary>
    public void Remove(in CredentialHash hash)
    {
        var generations = _generations;
        generations.Young.TryRemove(hash, out _);
        generations.Old.TryRemove(hash, out _);
    }

    /// <summary>Removes everything; the caller holds the gates of all hashes.</summary>
    public void Clear()
    {
        lock (_turnover)
        {
            _generations = new(new(), new());
            Volatile.Write(ref _young, 0);
        }
    }

    /// <summary>How many values there are, roughly while others write.</summary>
    public int Count => _generations.Young.Count + _generations.Old.Count;

    private void TurnOver()
    {
        lock (_turnover)
        {
            if (Volatile.Read(ref _young) < capacity)
                return;
            _generations = new(new(), _generations.Young);
            Volatile.Write(ref _young, 0);
        }
    }

    private sealed record Generations(
        ConcurrentDictionary<CredentialHash, TValue> Young,
        ConcurrentDictionary<CredentialHash, TValue> Old);
}
