using System.Security.Cryptography;
using Enforcer.Journal.Format;

namespace Enforcer.Journal.Verifying;

/// <summary>What is kept of a head until its account's replay gets there: enough to compare it byte for byte, whatever its size.</summary>
internal readonly record struct HeadFacts(long Epoch, long Seq, long LastBatch, uint Crc, long NextExpiryMs, UInt128 SnapshotHash)
{
    public static HeadFacts Of(AccountHead head) =>
        new(head.Epoch, head.Seq, head.LastBatch, head.Crc, head.NextExpiryMs, HashOf(head.Snapshot.Span));

    private static UInt128 HashOf(ReadOnlySpan<byte> snapshot)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(SnapshotCodec.InPresentForm(snapshot), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
