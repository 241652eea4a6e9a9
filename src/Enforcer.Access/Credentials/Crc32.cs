namespace Enforcer.Access;

/// <summary>
/// CRC-32 (IEEE 802.3) over ASCII text. It finds every burst of up to 32 bits, so every single wrong character and
/// every two neighbours swapped; it is no protection against forgery, the 256 random bits are.
/// </summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum of <paramref name="text"/>, of which only ASCII characters are meaningful.</summary>
    public static uint Of(ReadOnlySpan<char> text)
    {
        var crc = uint.MaxValue;
        foreach (var c in text)
            crc = Table[unchecked((byte)(crc ^ c))] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ Polynomial;
            table[i] = value;
        }

        return table;
    }
}
