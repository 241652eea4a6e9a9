using System.Security.Cryptography;
using Enforcer.Journal.Format;

namespace Enforcer.Journal.Verifying;

/// <summary>What is kept of a head until its account's replay gets there: enough to compare it byte for byte, whatever its size.</summary>
/// <param name="Epoch">How many owners the account has had.</param>
/// <param name="Seq">The entry of its snapshot; 0 if it has none yet.</param>
/// <param name="LastBatch">The batch of that entry.</param>
/// <param name="Crc">The account's checksum there.</param>
/// <param name="NextExpiryMs">When time changes the account next.</param>
/// <param name="SnapshotHash">The hash of its bytes.</param>
/// <param name="EndSeq">Where the account is said to end, at or behind the snapshot.</param>
internal readonly record struct HeadFacts(long Epoch, long Seq, long LastBatch, uint Crc, long NextExpiryMs, UInt128 SnapshotHash, long EndSeq)
{
    public static HeadFacts Of(AccountHead head) =>
        new(head.Epoch, head.Seq, head.LastBatch, head.Crc, head.NextExpiryMs, HashOf(head.Snapshot.Span), head.End.Seq);

    private static UInt128 HashOf(ReadOnlySpan<byte> snapshot)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(SnapshotCodec.InPresentForm(snapshot), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
