namespace Enforcer.Ledger.Entries;

/// <summary>Where a decision puts its entries; made once per writer and used again, so that deciding allocates nothing.</summary>
public sealed class EntryBuffer
{
    private Entry[] _entries = new Entry[4];

    /// <summary>How many entries the last decision made.</summary>
    public int Count { get; private set; }

    /// <summary>The entries, in order.</summary>
    public ReadOnlySpan<Entry> Entries => _entries.AsSpan(0, Count);

    /// <summary>Adds one and gives it where it lies; the reference is good until the next one is added.</summary>
    public ref readonly Entry Add(in Entry entry)
    {
        if (Count == _entries.Length) Array.Resize(ref _entries, Count * 2);
        _entries[Count] = entry;
        return ref _entries[Count++];
    }

    /// <summary>Forgets the entries and keeps their space: what one decision makes is bounded.</summary>
    public void Clear() => Count = 0;
}
