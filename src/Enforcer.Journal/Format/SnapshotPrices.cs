using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Prices;
using Enforcer.Ledger.Reservations;

namespace Enforcer.Journal.Format;

/// <summary>The end of a snapshot, since version 2: what concerns prices. Three bytes for an account that uses none.</summary>
internal static class SnapshotPrices
{
    private const int NumberBytes = 10;

    /// <summary>The end of a snapshot without prices.</summary>
    public static ReadOnlySpan<byte> None => [0, 0, 0];

    public static int MaxBytes(AccountSnapshot snapshot)
    {
        var bytes = (4 * NumberBytes) + (2 * NumberBytes * snapshot.Operations.Count);
        foreach (var reservation in snapshot.Reservations) bytes += NumberBytes + (reservation.Priced is { } call ? PricedCallCodec.MaxBytes(call) : 0);
        foreach (var count in snapshot.Counts) bytes += (3 * NumberBytes) + (3 * count.Counter.Length);
        return bytes;
    }

    public static void Write(ref ByteWriter writer, AccountSnapshot snapshot)
    {
        writer.WriteCount(snapshot.Reservations.Count(reservation => reservation.Priced is not null));
        for (var i = 0; i < snapshot.Reservations.Count; i++)
        {
            if (snapshot.Reservations[i].Priced is not { } call) continue;
            writer.WriteCount(i);
            PricedCallCodec.Write(ref writer, call);
        }
        writer.WriteCount(snapshot.Operations.Count(operation => operation.OutputTokensOrCostNanos != 0));
        for (var i = 0; i < snapshot.Operations.Count; i++)
        {
            if (snapshot.Operations[i].OutputTokensOrCostNanos is not (not 0 and var number)) continue;
            writer.WriteCount(i);
            writer.WriteSigned(number);
        }
        writer.WriteSigned(snapshot.CountsPeriod);
        if (snapshot.CountsPeriod == 0) return;
        writer.WriteCount(snapshot.Counts.Count);
        foreach (var count in snapshot.Counts)
        {
            writer.WriteText(count.Counter);
            writer.WriteSigned(count.Committed);
            writer.WriteSigned(count.Held);
        }
    }

    /// <summary>Adds to reservations and operations what they know of prices, and gives the running counts.</summary>
    /// <exception cref="JournalCorruptException">The bytes are no end of a snapshot.</exception>
    public static (int Period, PeriodCount[] Counts) Read(ref ByteReader reader, Reservation[] reservations, RememberedOperation[] operations)
    {
        for (var left = reader.ReadCount(); left > 0; left--)
        {
            var at = ReadIndex(ref reader, reservations.Length);
            reservations[at] = reservations[at] with { Priced = PricedCallCodec.Read(ref reader) };
        }
        for (var left = reader.ReadCount(); left > 0; left--)
        {
            var at = ReadIndex(ref reader, operations.Length);
            operations[at] = operations[at] with { OutputTokensOrCostNanos = reader.ReadSigned() };
        }
        var period = reader.ReadInt32();
        if (period == 0) return (0, []);
        var counts = new PeriodCount[reader.ReadCount()];
        for (var i = 0; i < counts.Length; i++) counts[i] = new PeriodCount(reader.ReadText(), reader.ReadSigned(), reader.ReadSigned());
        return (period, counts);
    }

    private static int ReadIndex(ref ByteReader reader, int count)
    {
        var index = reader.ReadUnsigned();
        return index < (ulong)count ? (int)index : throw new JournalCorruptException($"Byte {reader.Position} names part {index} of {count} of a snapshot.");
    }
}
