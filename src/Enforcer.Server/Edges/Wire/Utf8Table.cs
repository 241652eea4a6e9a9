using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace Enforcer.Server.Edges.Wire;

/// <summary>
/// A bounded cache from texts on the wire to what they mean: found without a lock and without making a string. Each text has
/// four places it can be in; where all are taken, a newer text displaces an older one. Names are ASCII nearly always, so only
/// such texts are kept.
/// </summary>
/// <remarks>
/// A place has a tag, a part of the hash, so that only the right place is followed into memory; what lies there is compared whole, so a
/// tag that does not belong to it yet does no harm. Two writers may displace each other: then one is looked up again. The seed is random,
/// so nobody can prepare texts that share their places.
/// </remarks>
internal sealed class Utf8Table<T>
    where T : class
{
    private const int Ways = 4;
    private const int MaxLength = 128;
    private readonly Func<T, string> _textOf;
    private readonly T?[] _places;
    private readonly uint[] _tags;
    private readonly int _mask;
    private readonly ulong _seed = unchecked((ulong)Random.Shared.NextInt64());
    private uint _next;

    /// <param name="capacity">A power of two, at least 4: the most that is kept.</param>
    /// <param name="textOf">The text of what is kept.</param>
    public Utf8Table(int capacity, Func<T, string> textOf)
    {
        _textOf = textOf;
        _places = new T?[capacity];
        _tags = new uint[capacity];
        _mask = capacity - Ways;
    }

    /// <summary>Finds a text.</summary>
    public bool TryGet(ReadOnlySpan<byte> text, [MaybeNullWhen(false)] out T value)
    {
        var hash = Hash(text);
        var tag = unchecked((uint)hash);
        var first = FirstPlace(hash);
        for (var i = first; i < first + Ways; i++)
        {
            if (_tags[i] != tag || Volatile.Read(ref _places[i]) is not { } kept || !Ascii.Equals(text, _textOf(kept))) continue;
            value = kept;
            return true;
        }
        value = null;
        return false;
    }

    /// <summary>Remembers a text, unless it is very long or not ASCII.</summary>
    public void Set(T value)
    {
        var text = _textOf(value);
        Span<byte> buffer = stackalloc byte[MaxLength];
        if (Ascii.FromUtf16(text, buffer, out var length) != OperationStatus.Done) return;
        var hash = Hash(buffer[..length]);
        var tag = unchecked((uint)hash);
        var first = FirstPlace(hash);
        var place = first + (int)(unchecked(Interlocked.Increment(ref _next)) % Ways);
        for (var i = first; i < first + Ways; i++)
        {
            var kept = Volatile.Read(ref _places[i]);
            if (kept is null || (_tags[i] == tag && _textOf(kept) == text))
            {
                place = i;
                break;
            }
        }
        _tags[place] = tag;
        Volatile.Write(ref _places[place], value);
    }

    private int FirstPlace(ulong hash) => (int)(hash >> 33) & _mask;

    private ulong Hash(ReadOnlySpan<byte> text)
    {
        unchecked
        {
            var hash = _seed ^ ((ulong)text.Length * 0x9E37_79B9_7F4A_7C15);
            while (text.Length >= 8)
            {
                hash = Mix(hash ^ MemoryMarshal.Read<ulong>(text));
                text = text[8..];
            }
            ulong tail = 0;
            foreach (var part in text) tail = (tail << 8) | part;
            return Mix(hash ^ tail);
        }
    }

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, 0xD6E8_FEB8_6659_FD93, out var low);
        return high ^ low;
    }
}
