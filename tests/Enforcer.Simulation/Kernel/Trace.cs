using System.Globalization;

namespace Enforcer.Simulation.Kernel;

/// <summary>
/// Everything that happens, in order, as a hash: two runs with the same hash were the same run. With a writer, also as text.
/// </summary>
internal sealed class Trace(TextWriter? text)
{
    private ulong _first = 0xCBF2_9CE4_8422_2325;
    private ulong _second = 0x6C62_272E_07BB_0142;

    public long Events { get; private set; }

    public string Hash => string.Create(CultureInfo.InvariantCulture, $"{_first:x16}{_second:x16}");

    public bool IsTold => text is not null;

    public void Add(long at, string what, string where, long a = 0, long b = 0, long c = 0)
    {
        Events++;
        Mix(unchecked((ulong)at));
        foreach (var letter in what) Mix(letter);
        foreach (var letter in where) Mix(letter);
        Mix(unchecked((ulong)a));
        Mix(unchecked((ulong)b));
        Mix(unchecked((ulong)c));
        text?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{at / 10_000m,12:0.0000} {where,-10} {what} {a} {b} {c}"));
    }

    /// <summary>For a reader; it is no part of the hash.</summary>
    public void Tell(long at, string where, string words) =>
        text?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{at / 10_000m,12:0.0000} {where,-10} {words}"));

    private void Mix(ulong value)
    {
        unchecked
        {
            _first = (_first ^ value) * 0x0000_0100_0000_01B3;
            _second = (System.Numerics.BitOperations.RotateLeft(_second, 23) ^ value) * 0x9E37_79B9_7F4A_7C15;
        }
    }
}
