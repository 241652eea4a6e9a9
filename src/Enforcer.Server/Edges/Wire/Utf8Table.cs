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
/// Places are written as whole references, so a reader sees an entry or not, never half of one. Two writers may displace
/// each other's entry: then one is looked up again. The seed is random, so nobody can prepare texts that share their places.
/// </remarks>
internal sealed class Utf8Table<T>
    where T : class
{
    private const int Ways = 4;
    private const int MaxLength = 128;
    private readonly Entry?[] _places;
    private readonly int _mask;
    private readonly ulong _seed = unchecked((ulong)Random.Shared.NextInt64());
    private uint _next;

    /// <param name="capacity">A power of two, at least 4: the most entries.</param>
    public Utf8Table(int capacity)
    {
        _places = new Entry?[capacity];
        _mask = capacity - Ways;
    }

    /// <summary>Finds a text.</summary>
    public bool TryGet(ReadOnlySpan<byte> text, [MaybeNullWhen(false)] out T value)
    {
        var hash = Hash(text);
        var first = FirstPlace(hash);
        for (var i = first; i < first + Ways; i++)
        {
            if (Volatile.Read(ref _places[i]) is { } entry && entry.Hash == hash && Ascii.Equals(text, entry.Text))
            {
                value = entry.Value;
                return true;
            }
        }
        value = null;
        return false;
    }

    /// <summary>Remembers a text, unless it is very long or not ASCII.</summary>
    public void Set(string text, T value)
    {
        Span<byte> buffer = stackalloc byte[MaxLength];
        if (Ascii.FromUtf16(text, buffer, out var length) != OperationStatus.Done) return;
        var hash = Hash(buffer[..length]);
        var first = FirstPlace(hash);
        var place = first + (int)(unchecked(Interlocked.Increment(ref _next)) % Ways);
        for (var i = first; i < first + Ways; i++)
        {
            var entry = Volatile.Read(ref _places[i]);
            if (entry is null || (entry.Hash == hash && entry.Text == text))
            {
                place = i;
                break;
            }
        }
        Volatile.Write(ref _places[place], new Entry(hash, text, value));
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

    private sealed record Entry(ulong Hash, string Text, T Value);
}
