using System.Diagnostics.CodeAnalysis;

namespace Enforcer.Host.Activations;

/// <summary>
/// The accounts in memory by their numbers: a place of eight bytes each and some that are empty, and no object besides. Looking one up takes no lock.
/// </summary>
/// <remarks>
/// An activation never moves within an array, and a place that was left is marked and not emptied. So whoever looks while others add and remove
/// finds what was there before and is there after, and so does whoever goes through all of them.
/// </remarks>
internal sealed class ActivationTable
{
    /// <summary>Each with a lock of its own, so that accounts that come and go do not wait for one another.</summary>
    private const int Parts = 1 << PartBits;

    private const int PartBits = 6;

    private static readonly Activation Left = new(long.MinValue, null!);
    private readonly Part[] _parts;

    public ActivationTable()
    {
        _parts = new Part[Parts];
        for (var i = 0; i < Parts; i++) _parts[i] = new Part();
    }

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var part in _parts) count += Volatile.Read(ref part.Count);
            return count;
        }
    }

    /// <summary>All that are there all the while; who comes or goes meanwhile may be among them.</summary>
    public IEnumerable<Activation> All
    {
        get
        {
            foreach (var part in _parts)
            {
                foreach (var activation in Volatile.Read(ref part.Places))
                {
                    if (activation is not null && activation != Left) yield return activation;
                }
            }
        }
    }

    /// <summary>Finds an account's activation.</summary>
    public bool TryGet(long account, [NotNullWhen(true)] out Activation? activation)
    {
        var hash = HashOf(account);
        var places = Volatile.Read(ref _parts[hash % Parts].Places);
        // Read again, and so looked at again: others may have come to the place or left it since.
        activation = Volatile.Read(ref places[PlaceOf(account, hash, places)]);
        if (activation?.Account == account) return true;
        activation = null;
        return false;
    }

    /// <summary>Adds one, unless its account has one already: gives that.</summary>
    public Activation GetOrAdd(Activation activation)
    {
        var hash = HashOf(activation.Account);
        var part = _parts[hash % Parts];
        lock (part)
        {
            var at = PlaceOf(activation.Account, hash, part.Places);
            if (part.Places[at] is { } there) return there;
            Volatile.Write(ref part.Places[at], activation);
            Volatile.Write(ref part.Count, part.Count + 1);
            if (++part.Used * 5 > part.Places.Length * 4) part.Rebuild();
            return activation;
        }
    }

    /// <summary>Puts another in the place of this one; false if it is not there any more.</summary>
    public bool TryReplace(Activation old, Activation activation) => TrySet(old, activation);

    /// <summary>Removes this one, if it is there.</summary>
    public void Remove(Activation activation) => TrySet(activation, Left);

    private bool TrySet(Activation old, Activation activation)
    {
        var hash = HashOf(old.Account);
        var part = _parts[hash % Parts];
        lock (part)
        {
            var at = PlaceOf(old.Account, hash, part.Places);
            if (part.Places[at] != old) return false;
            Volatile.Write(ref part.Places[at], activation);
            if (activation != Left) return true;
            Volatile.Write(ref part.Count, part.Count - 1);
            if (part.Count * 8 < part.Places.Length && part.Places.Length > Part.Least) part.Rebuild();
            return true;
        }
    }

    /// <summary>Where an account is, or else the empty place where looking for it ends; there always is one.</summary>
    private static int PlaceOf(long account, uint hash, Activation?[] places)
    {
        var at = (int)(((ulong)(hash >> PartBits) * (uint)places.Length) >> (32 - PartBits));
        while (Volatile.Read(ref places[at]) is { } there && there.Account != account) at = at + 1 == places.Length ? 0 : at + 1;
        return at;
    }

    /// <summary>Numbers are given out one after the other, and nodes take every so many of them: all bits must count.</summary>
    private static uint HashOf(long account)
    {
        var hash = unchecked((ulong)account * 0x9E37_79B9_7F4A_7C15);
        hash = unchecked((hash ^ (hash >> 32)) * 0xD6E8_FEB8_6659_FD93);
        return (uint)(hash >> 32);
    }

    private sealed class Part
    {
        public const int Least = 8;

        public Activation?[] Places = new Activation?[Least];
        public int Count;

        /// <summary>Places that are not empty: those that were left are among them until the next rebuilding.</summary>
        public int Used;

        /// <summary>A new array without what was left: half as many places again as are taken.</summary>
        public void Rebuild()
        {
            var places = new Activation?[Math.Max(Least, Count + (Count / 2))];
            foreach (var activation in Places)
            {
                if (activation is not null && activation != Left) places[PlaceOf(activation.Account, HashOf(activation.Account), places)] = activation;
            }
            Used = Count;
            Volatile.Write(ref Places, places);
        }
    }
}
