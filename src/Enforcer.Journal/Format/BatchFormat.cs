using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Enforcer.Journal.Format;

/// <summary>
/// A batch in bytes: a header of fixed length, then its records. Its hash is SHA-256 over the hash of the batch before and these
/// bytes, so no batch can be changed, left out or moved without changing every later hash.
/// </summary>
internal static class BatchFormat
{
    /// <summary>The version that this code writes, and the highest that it reads.</summary>
    public const byte Version = 2;

    /// <summary>Bytes of a hash.</summary>
    public const int HashBytes = 32;

    /// <summary>version 1, number 8, epoch 8, opened at 8, records 4, entries 4; all little-endian.</summary>
    public const int HeaderBytes = 33;

    /// <summary>What comes before the first batch.</summary>
    public static ReadOnlyMemory<byte> NoHash { get; } = new byte[HashBytes];

    public static void WriteHeader(Span<byte> payload, in BatchHeader header)
    {
        payload[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(payload[1..], header.Number);
        BinaryPrimitives.WriteInt64LittleEndian(payload[9..], header.Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(payload[17..], header.FirstAtMs);
        BinaryPrimitives.WriteInt32LittleEndian(payload[25..], header.Records);
        BinaryPrimitives.WriteInt32LittleEndian(payload[29..], header.Entries);
    }

    /// <exception cref="JournalFormatException">A newer version wrote it.</exception>
    /// <exception cref="JournalCorruptException">It is no header.</exception>
    public static BatchHeader ReadHeader(ReadOnlySpan<byte> payload, long number)
    {
        if (payload.Length < HeaderBytes)
            throw new JournalCorruptException($"Batch {number} has {payload.Length} bytes; its header alone takes {HeaderBytes}.") { Batch = number };
        if (payload[0] > Version)
        {
            throw new JournalFormatException(
                $"Batch {number} has format version {payload[0]}; this version of Enforcer reads up to {Version}. Use a newer one.");
        }
        if (payload[0] == 0) throw new JournalCorruptException($"Batch {number} has format version 0.") { Batch = number };
        return new BatchHeader(
            BinaryPrimitives.ReadInt64LittleEndian(payload[1..]),
            BinaryPrimitives.ReadInt64LittleEndian(payload[9..]),
            BinaryPrimitives.ReadInt64LittleEndian(payload[17..]),
            BinaryPrimitives.ReadInt32LittleEndian(payload[25..]),
            BinaryPrimitives.ReadInt32LittleEndian(payload[29..]));
    }

    /// <summary>Continues the chain of hashes by one batch.</summary>
    public static void Hash(ReadOnlySpan<byte> previous, ReadOnlySpan<byte> payload, Span<byte> hash)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(previous);
        sha.AppendData(payload);
        sha.GetHashAndReset(hash);
    }

    /// <summary>Checks what stands in a batch's row against its bytes and the batch before.</summary>
    /// <exception cref="JournalCorruptException">They differ.</exception>
    public static BatchHeader Check(StoredBatch batch, long number, ReadOnlySpan<byte> previousHash)
    {
        if (batch.Number != number)
            throw new JournalCorruptException($"Batch {number} is missing: batch {batch.Number} stands in its place.") { Batch = number };
        Span<byte> hash = stackalloc byte[HashBytes];
        Hash(previousHash, batch.Payload.Span, hash);
        if (!hash.SequenceEqual(batch.Hash.Span))
            throw new JournalCorruptException($"Batch {number} does not have its hash: it or the batch before was changed.") { Batch = number };
        return CheckHeader(batch, number);
    }

    /// <summary>Checks what stands in a batch's row against its bytes alone, where the batch before is not at hand.</summary>
    /// <exception cref="JournalCorruptException">They differ.</exception>
    public static BatchHeader CheckHeader(StoredBatch batch, long number)
    {
        var header = ReadHeader(batch.Payload.Span, number);
        if (header.Number != number || header.FirstAtMs != batch.FirstAtMs || header.Entries != batch.Entries)
        {
            throw new JournalCorruptException(
                $"Batch {number} is filed as number {batch.Number}, opened at {batch.FirstAtMs} ms, with {batch.Entries} entries, " +
                $"but says {header.Number}, {header.FirstAtMs} ms, {header.Entries} entries.")
            { Batch = number };
        }
        return header;
    }
}
