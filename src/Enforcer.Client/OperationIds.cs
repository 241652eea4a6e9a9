using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Enforcer.Client;

/// <summary>Makes operation ids: UUIDv7, their time from the clock and 74 bits from the system's cryptographic randomness.</summary>
/// <remarks>
/// Randomness is drawn per thread in blocks, because one system call per id would cost more than the rest of a command does
/// on its way out. No byte is used twice.
/// </remarks>
public sealed class OperationIds
{
    private const int RandomBytes = 10;
    private const int BlockBytes = 100 * RandomBytes;

    [ThreadStatic]
    private static byte[]? _block;

    [ThreadStatic]
    private static int _used;

    private readonly TimeProvider _clock;
    private readonly RandomNumberGenerator? _random;

    /// <summary>Takes the clock.</summary>
    public OperationIds(TimeProvider clock)
        : this(clock, random: null)
    {
    }

    internal OperationIds(TimeProvider clock, RandomNumberGenerator? random)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
        _random = random;
    }

    /// <summary>A new id.</summary>
    public Guid Next()
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, _clock.GetUtcNow().ToUnixTimeMilliseconds() << 16);
        if (_random is null) Draw().CopyTo(id[6..]);
        else _random.GetBytes(id[6..]);
        id[6] = (byte)(0x70 | (id[6] & 0x0F));
        id[8] = (byte)(0x80 | (id[8] & 0x3F));
        return new Guid(id, bigEndian: true);
    }

    private static ReadOnlySpan<byte> Draw()
    {
        if (_block is null || _used == BlockBytes)
        {
            _block ??= new byte[BlockBytes];
            RandomNumberGenerator.Fill(_block);
            _used = 0;
        }
        var drawn = _block.AsSpan(_used, RandomBytes);
        _used += RandomBytes;
        return drawn;
    }
}
