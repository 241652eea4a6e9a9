using System.Numerics;
using System.Runtime.InteropServices;

namespace Enforcer.Journal.Format;

/// <summary>CRC-32C (Castagnoli), continued from record to record of an account.</summary>
internal static class Checksum
{
    /// <summary>What an account's first record continues: its number, so that a record cannot pass for another account's.</summary>
    public static uint SeedOf(long account) => unchecked((uint)account ^ (uint)(account >>> 32));

    /// <summary>The checksum of bytes, continuing an earlier one.</summary>
    public static uint Continue(uint seed, ReadOnlySpan<byte> bytes)
    {
        var crc = ~seed;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes)) crc = BitOperations.Crc32C(crc, word);
        for (var at = bytes.Length & ~7; at < bytes.Length; at++) crc = BitOperations.Crc32C(crc, bytes[at]);
        return ~crc;
    }
}
