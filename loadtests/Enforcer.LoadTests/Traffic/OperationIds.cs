using System.Buffers.Binary;

namespace Enforcer.LoadTests.Traffic;

/// <summary>
/// Makes UUIDv7 operation ids: the time they were made, then the client's own random bits, then its count. Two clients
/// never make the same id, and one client never makes one twice.
/// </summary>
internal sealed class OperationIds(Random random, TimeProvider time)
{
    private readonly ulong _client = (ulong)random.NextInt64() & 0x3FFF_FFFF;
    private readonly ulong _version = 0x7000UL | ((ulong)random.NextInt64() & 0xFFF);
    private uint _count;

    public UInt128 Next()
    {
        var high = unchecked(((ulong)time.GetUtcNow().ToUnixTimeMilliseconds() << 16) | _version);
        var low = unchecked((0b10UL << 62) | (_client << 32) | _count++);
        return new UInt128(high, low);
    }

    /// <summary>Network byte order, as on the wire.</summary>
    public static void Write(UInt128 id, Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, id);
}
