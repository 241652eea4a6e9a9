using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Reservations;

namespace Enforcer.Journal.Format;

/// <summary>
/// An account's state in bytes. The same state always gives the same bytes, which is how replay is compared with what was in memory.
/// </summary>
public static class SnapshotCodec
{
    /// <summary>The version that this code writes, and the highest that it reads.</summary>
    public const byte Version = 2;

    private const int FixedBytes = 256;
    private const int CounterBytes = 160;
    private const int ReservationBytes = 96;
    private const int OperationBytes = 96;
    private const byte IsUsed = 1;

    /// <summary>Writes a snapshot.</summary>
    public static byte[] Write(AccountSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var rented = System.Buffers.ArrayPool<byte>.Shared.Rent(MaxBytes(snapshot));
        var writer = new ByteWriter(rented);
        WriteState(ref writer, snapshot);
        writer.WriteCount(snapshot.Counters.Count);
        foreach (var counter in snapshot.Counters) WriteCounter(ref writer, counter, snapshot);
        writer.WriteCount(snapshot.Reservations.Count);
        foreach (var reservation in snapshot.Reservations) WriteReservation(ref writer, reservation, snapshot);
        writer.WriteCount(snapshot.Operations.Count);
        foreach (var operation in snapshot.Operations) WriteOperation(ref writer, operation, snapshot);
        SnapshotPrices.Write(ref writer, snapshot);
        var bytes = rented.AsSpan(0, writer.Position).ToArray();
        System.Buffers.ArrayPool<byte>.Shared.Return(rented);
        return bytes;
    }

    /// <summary>Reads a snapshot.</summary>
    /// <exception cref="JournalCorruptException">The bytes are no snapshot.</exception>
    /// <exception cref="JournalFormatException">A newer version wrote it.</exception>
    public static AccountSnapshot Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var version = reader.ReadByte();
        if (version > Version)
            throw new JournalFormatException($"A snapshot has format version {version}; this version of Enforcer reads up to {Version}. Use a newer one.");
        if (version == 0) throw new JournalCorruptException("A snapshot has format version 0.");
        var state = ReadState(ref reader);
        var counters = new CounterSnapshot[reader.ReadCount()];
        for (var i = 0; i < counters.Length; i++) counters[i] = ReadCounter(ref reader, state);
        var reservations = new Reservation[reader.ReadCount()];
        for (var i = 0; i < reservations.Length; i++) reservations[i] = ReadReservation(ref reader, state);
        var operations = new RememberedOperation[reader.ReadCount()];
        for (var i = 0; i < operations.Length; i++) operations[i] = ReadOperation(ref reader, state);
        // Version 1 ends here.
        var counts = version == 1 ? (Period: 0, Counts: []) : SnapshotPrices.Read(ref reader, reservations, operations);
        if (!reader.IsAtEnd) throw new JournalCorruptException($"A snapshot has {reader.Left} bytes too many.");
        return new AccountSnapshot
        {
            Status = state.Status,
            Seq = state.Seq,
            LastAtMs = state.LastAtMs,
            Unit = state.Unit,
            Limits = state.Limits,
            CommittedNanos = state.CommittedNanos,
            Requests = state.Requests,
            Tokens = state.Tokens,
            ForgottenAtMs = state.ForgottenAtMs,
            Counters = counters,
            Reservations = reservations,
            Operations = operations,
            CountsPeriod = counts.Period,
            Counts = counts.Counts,
        };
    }

    /// <summary>The bytes that this code would write for a snapshot that an earlier version wrote: version 1 had no prices, and ended before them.</summary>
    internal static ReadOnlySpan<byte> InPresentForm(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty || bytes[0] != 1 ? bytes : (byte[])[Version, .. bytes[1..], .. SnapshotPrices.None];

    private static int MaxBytes(AccountSnapshot snapshot)
    {
        var bytes = FixedBytes + (3 * snapshot.Unit.Length) + LimitCodec.MaxBytes(snapshot.Limits);
        bytes += (ReservationBytes * snapshot.Reservations.Count) + (OperationBytes * snapshot.Operations.Count);
        bytes += SnapshotPrices.MaxBytes(snapshot);
        foreach (var counter in snapshot.Counters) bytes += CounterBytes + LimitCodec.MaxBytes(counter.Limit);
        return bytes;
    }

    private static void WriteState(ref ByteWriter writer, AccountSnapshot snapshot)
    {
        writer.WriteByte(Version);
        writer.WriteByte((byte)snapshot.Status);
        writer.WriteSigned(snapshot.Seq);
        writer.WriteSigned(snapshot.LastAtMs);
        writer.WriteText(snapshot.Unit);
        LimitCodec.Write(ref writer, snapshot.Limits);
        writer.WriteSigned(snapshot.CommittedNanos);
        WriteBucket(ref writer, snapshot.Requests, snapshot);
        WriteBucket(ref writer, snapshot.Tokens, snapshot);
        writer.WriteDelta(snapshot.ForgottenAtMs, snapshot.LastAtMs);
    }

    private static AccountSnapshot ReadState(ref ByteReader reader)
    {
        var state = new AccountSnapshot { Status = (AccountStatus)reader.ReadByte(), Seq = reader.ReadSigned(), LastAtMs = reader.ReadSigned() };
        return new AccountSnapshot
        {
            Status = state.Status,
            Seq = state.Seq,
            LastAtMs = state.LastAtMs,
            Unit = reader.ReadText(),
            Limits = LimitCodec.Read(ref reader),
            CommittedNanos = reader.ReadSigned(),
            Requests = ReadBucket(ref reader, state),
            Tokens = ReadBucket(ref reader, state),
            ForgottenAtMs = reader.ReadDelta(state.LastAtMs),
        };
    }

    private static void WriteBucket(ref ByteWriter writer, TokenBucket bucket, AccountSnapshot state)
    {
        writer.WriteSigned(bucket.Level);
        writer.WriteDelta(bucket.AtMs, state.LastAtMs);
        writer.WriteDelta(bucket.SinceSeq, state.Seq);
    }

    private static TokenBucket ReadBucket(ref ByteReader reader, AccountSnapshot state) =>
        new() { Level = reader.ReadSigned(), AtMs = reader.ReadDelta(state.LastAtMs), SinceSeq = reader.ReadDelta(state.Seq) };

    private static void WriteCounter(ref ByteWriter writer, CounterSnapshot counter, AccountSnapshot state)
    {
        writer.WriteSigned(counter.Slot);
        LimitCodec.Write(ref writer, counter.Limit);
        writer.WriteDelta(counter.CreatedSeq, state.Seq);
        WriteUse(ref writer, counter.Current, state);
        WriteUse(ref writer, counter.Previous, state);
    }

    private static CounterSnapshot ReadCounter(ref ByteReader reader, AccountSnapshot state)
    {
        var slot = reader.ReadInt32();
        if (slot is < 0 or >= Ledger.LedgerBounds.MaxSpendLimits) throw new JournalCorruptException($"A snapshot has a spend limit in slot {slot}.");
        var limit = LimitCodec.ReadSpend(ref reader);
        var createdSeq = reader.ReadDelta(state.Seq);
        var current = ReadUse(ref reader, state);
        return new CounterSnapshot(slot, limit, createdSeq, current, ReadUse(ref reader, state));
    }

    private static void WriteUse(ref ByteWriter writer, in WindowUse use, AccountSnapshot state)
    {
        writer.WriteDelta(use.SinceSeq, state.Seq);
        writer.WriteSigned(use.StartMs);
        writer.WriteSigned(use.EndMs);
        writer.WriteSigned(use.CommittedNanos);
        writer.WriteSigned(use.HeldNanos);
        writer.WriteSigned(use.DelegatedNanos);
        writer.WriteSigned(use.OverrunNanos);
    }

    private static WindowUse ReadUse(ref ByteReader reader, AccountSnapshot state) => new()
    {
        SinceSeq = reader.ReadDelta(state.Seq),
        StartMs = reader.ReadSigned(),
        EndMs = reader.ReadSigned(),
        CommittedNanos = reader.ReadSigned(),
        HeldNanos = reader.ReadSigned(),
        DelegatedNanos = reader.ReadSigned(),
        OverrunNanos = reader.ReadSigned(),
    };

    private static void WriteReservation(ref ByteWriter writer, in Reservation reservation, AccountSnapshot state)
    {
        writer.WriteId(reservation.Id, state.LastAtMs);
        writer.WriteSigned(reservation.HeldNanos);
        writer.WriteSigned(reservation.Tokens);
        writer.WriteSigned(reservation.CommittedNanos);
        writer.WriteDelta(reservation.ExpiresAtMs, state.LastAtMs);
        writer.WriteDelta(reservation.ReservedSeq, state.Seq);
        writer.WriteUnsigned(reservation.LimitMask);
        writer.WriteByte(reservation.IsUsed ? IsUsed : (byte)0);
    }

    private static Reservation ReadReservation(ref ByteReader reader, AccountSnapshot state) => new()
    {
        Id = reader.ReadId(state.LastAtMs),
        HeldNanos = reader.ReadSigned(),
        Tokens = reader.ReadSigned(),
        CommittedNanos = reader.ReadSigned(),
        ExpiresAtMs = reader.ReadDelta(state.LastAtMs),
        ReservedSeq = reader.ReadDelta(state.Seq),
        LimitMask = reader.ReadMask(),
        IsUsed = reader.ReadByte() == IsUsed,
    };

    private static void WriteOperation(ref ByteWriter writer, in RememberedOperation operation, AccountSnapshot state)
    {
        writer.WriteId(operation.Id, state.LastAtMs);
        writer.WriteFixed32(operation.BodyHash);
        writer.WriteByte((byte)operation.Kind);
        writer.WriteDelta(operation.Seq, state.Seq);
        writer.WriteSigned(operation.HeldNanos);
        writer.WriteSigned(operation.HeadroomNanos);
        writer.WriteSigned(operation.TokensOrChargedNanos);
        writer.WriteSigned(operation.ExpiryOrOverrunNanos);
    }

    private static RememberedOperation ReadOperation(ref ByteReader reader, AccountSnapshot state) => new()
    {
        Id = reader.ReadId(state.LastAtMs),
        BodyHash = reader.ReadFixed32(),
        Kind = (Ledger.Entries.EntryKind)reader.ReadByte(),
        Seq = reader.ReadDelta(state.Seq),
        HeldNanos = reader.ReadSigned(),
        HeadroomNanos = reader.ReadSigned(),
        TokensOrChargedNanos = reader.ReadSigned(),
        ExpiryOrOverrunNanos = reader.ReadSigned(),
    };
}
