using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Enforcer.Simulation.Kernel;

/// <summary>The system's randomness, as a world has it.</summary>
internal sealed class SimCryptoRandom(SimRandom random) : RandomNumberGenerator
{
    public override void GetBytes(byte[] data) => GetBytes(data.AsSpan());

    public override void GetBytes(Span<byte> data)
    {
        Span<byte> drawn = stackalloc byte[sizeof(ulong)];
        while (data.Length > 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(drawn, random.Next());
            var some = Math.Min(data.Length, drawn.Length);
            drawn[..some].CopyTo(data);
            data = data[some..];
        }
    }
}
