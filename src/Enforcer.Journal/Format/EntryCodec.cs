using Enforcer.Ledger;
using Enforcer.Ledger.Entries;

namespace Enforcer.Journal.Format;

/// <summary>
/// One entry in bytes: its kind, which fields follow, and those that are not implied. Its seq stands in the record; its time is
/// relative to the batch's, all other times are relative to its own.
/// </summary>
internal static class EntryCodec
{
    private const int FixedBytes = 256;
    private const int BytesPerChar = 3;

    /// <summary>The most bytes that the entry can take.</summary>
    public static int MaxBytes(in Entry entry)
    {
        var chars = Length(entry.Model) + Length(entry.Tag) + Length(entry.Unit) + Length(entry.Actor) + Length(entry.Reason);
        return FixedBytes + (BytesPerChar * chars) + (entry.Limits is null ? 0 : LimitCodec.MaxBytes(entry.Limits))
            + (entry.Priced is null ? 0 : PricedCallCodec.MaxBytes(entry.Priced));
    }

    public static void Write(ref ByteWriter writer, in Entry entry, long baseMs)
    {
        var fields = FieldsOf(entry);
        writer.WriteByte((byte)entry.Kind);
        writer.WriteUnsigned((uint)fields);
        writer.WriteDelta(entry.AtMs, baseMs);
        WriteCall(ref writer, entry, fields);
        if ((fields & ~CallFields) != 0) WriteRest(ref writer, entry, fields);
    }

    public static Entry Read(ref ByteReader reader, long seq, long baseMs)
    {
        var kind = (EntryKind)reader.ReadByte();
        if (kind is EntryKind.None or > EntryKind.WindowOpened) throw new JournalCorruptException($"Entry {seq} has the unknown kind {(int)kind}.");
        var flags = reader.ReadUnsigned();
        if ((flags & ~(ulong)EntryFields.All) != 0) throw new JournalCorruptException($"Entry {seq} has unknown fields ({flags:x}).");
        var fields = (EntryFields)flags;
        var entry = ReadCall(ref reader, new Entry { Kind = kind, Seq = seq, AtMs = reader.ReadDelta(baseMs) }, fields);
        return (fields & ~CallFields) == 0 ? entry : ReadRest(ref reader, entry, fields);
    }

    /// <summary>The fields of ordinary calls, which are written first.</summary>
    private const EntryFields CallFields = (EntryFields)((1 << 15) - 1);

    private static void WriteCall(ref ByteWriter writer, in Entry entry, EntryFields fields)
    {
        if (Has(fields, EntryFields.Operation))
        {
            writer.WriteId(entry.OperationId, entry.AtMs);
            writer.WriteFixed32(entry.BodyHash);
        }
        if (Has(fields, EntryFields.Reservation)) writer.WriteId(entry.ReservationId, entry.AtMs);
        if (!Has(fields, EntryFields.NoCap)) writer.WriteSigned(entry.HeadroomNanos);
        if (Has(fields, EntryFields.HeldDelta)) writer.WriteSigned(entry.HeldDeltaNanos);
        if (Has(fields, EntryFields.CommittedDelta)) writer.WriteSigned(entry.CommittedDeltaNanos);
        if (Has(fields, EntryFields.Tokens)) writer.WriteSigned(entry.Tokens);
        if (Has(fields, EntryFields.TokensDelta)) writer.WriteSigned(entry.TokensDelta);
        if (Has(fields, EntryFields.ExpiresAt)) writer.WriteDelta(entry.ExpiresAtMs, entry.AtMs);
        if (Has(fields, EntryFields.LimitMask)) writer.WriteUnsigned(entry.LimitMask);
        if (Has(fields, EntryFields.HeldAfter)) writer.WriteSigned(entry.HeldAfterNanos);
        if (Has(fields, EntryFields.TokensAfter)) writer.WriteSigned(entry.TokensAfter);
        if (Has(fields, EntryFields.RequestsDelta)) writer.WriteSigned(entry.RequestsDelta);
        if (Has(fields, EntryFields.Model)) writer.WriteText(entry.Model!);
    }

    private static void WriteRest(ref ByteWriter writer, in Entry entry, EntryFields fields)
    {
        if (Has(fields, EntryFields.Tag)) writer.WriteText(entry.Tag!);
        if (Has(fields, EntryFields.Overrun)) writer.WriteSigned(entry.OverrunNanos);
        if (Has(fields, EntryFields.ReservedSeq)) writer.WriteDelta(entry.ReservedSeq, entry.Seq);
        if (Has(fields, EntryFields.Amount)) writer.WriteSigned(entry.AmountNanos);
        if (Has(fields, EntryFields.Slot)) writer.WriteSigned(entry.Slot);
        if (Has(fields, EntryFields.WindowStart)) writer.WriteDelta(entry.WindowStartMs, entry.AtMs);
        if (Has(fields, EntryFields.Unit)) writer.WriteText(entry.Unit!);
        if (Has(fields, EntryFields.Limits)) LimitCodec.Write(ref writer, entry.Limits!);
        if (Has(fields, EntryFields.Actor)) writer.WriteText(entry.Actor!);
        if (Has(fields, EntryFields.Reason)) writer.WriteText(entry.Reason!);
        if (Has(fields, EntryFields.BodyHashAlone)) writer.WriteFixed32(entry.BodyHash);
        if (Has(fields, EntryFields.Priced)) PricedCallCodec.Write(ref writer, entry.Priced!);
    }

    private static Entry ReadCall(ref ByteReader reader, in Entry start, EntryFields fields)
    {
        // An initializer runs in the order in which it is written here, which is the order of the fields in the bytes.
        var operation = Has(fields, EntryFields.Operation) ? reader.ReadId(start.AtMs) : OperationId.None;
        var bodyHash = Has(fields, EntryFields.Operation) ? reader.ReadFixed32() : 0;
        var reservation = Has(fields, EntryFields.Reservation) ? reader.ReadId(start.AtMs) : OperationId.None;
        var headroom = Has(fields, EntryFields.NoCap) ? Outcome.NoCap : reader.ReadSigned();
        var heldDelta = Has(fields, EntryFields.HeldDelta) ? reader.ReadSigned() : 0;
        var committedDelta = Has(fields, EntryFields.CommittedDelta) ? reader.ReadSigned() : 0;
        var tokens = Has(fields, EntryFields.Tokens) ? reader.ReadSigned() : 0;
        var tokensDelta = Has(fields, EntryFields.TokensDelta) ? reader.ReadSigned() : 0;
        var isReserved = start.Kind == EntryKind.Reserved;
        return start with
        {
            OperationId = operation,
            BodyHash = bodyHash,
            ReservationId = Has(fields, EntryFields.ReservationIsOperation) ? operation : reservation,
            HeadroomNanos = headroom,
            HeldDeltaNanos = heldDelta,
            CommittedDeltaNanos = committedDelta,
            Tokens = tokens,
            TokensDelta = tokensDelta,
            Final = Has(fields, EntryFields.Final),
            ExpiresAtMs = Has(fields, EntryFields.ExpiresAt) ? reader.ReadDelta(start.AtMs) : 0,
            LimitMask = Has(fields, EntryFields.LimitMask) ? reader.ReadMask() : 0,
            HeldAfterNanos = Has(fields, EntryFields.HeldAfter) ? reader.ReadSigned() : isReserved ? heldDelta : 0,
            TokensAfter = Has(fields, EntryFields.TokensAfter) ? reader.ReadSigned() : isReserved ? tokensDelta : 0,
            RequestsDelta = Has(fields, EntryFields.RequestsDelta) ? reader.ReadInt32() : isReserved ? 1 : 0,
            Model = Has(fields, EntryFields.Model) ? reader.ReadText() : null,
        };
    }

    private static Entry ReadRest(ref ByteReader reader, in Entry call, EntryFields fields) => call with
    {
        Tag = Has(fields, EntryFields.Tag) ? reader.ReadText() : null,
        OverrunNanos = Has(fields, EntryFields.Overrun) ? reader.ReadSigned() : 0,
        ReservedSeq = Has(fields, EntryFields.ReservedSeq) ? reader.ReadDelta(call.Seq) : 0,
        AmountNanos = Has(fields, EntryFields.Amount) ? reader.ReadSigned() : 0,
        Slot = Has(fields, EntryFields.Slot) ? reader.ReadInt32() : 0,
        WindowStartMs = Has(fields, EntryFields.WindowStart) ? reader.ReadDelta(call.AtMs) : 0,
        Unit = Has(fields, EntryFields.Unit) ? reader.ReadText() : null,
        Limits = Has(fields, EntryFields.Limits) ? LimitCodec.Read(ref reader) : null,
        Actor = Has(fields, EntryFields.Actor) ? reader.ReadText() : null,
        Reason = Has(fields, EntryFields.Reason) ? reader.ReadText() : null,
        BodyHash = Has(fields, EntryFields.BodyHashAlone) ? reader.ReadFixed32() : call.BodyHash,
        Priced = Has(fields, EntryFields.Priced) ? PricedCallCodec.Read(ref reader) : null,
    };

    private static EntryFields FieldsOf(in Entry entry)
    {
        var isReserved = entry.Kind == EntryKind.Reserved;
        var hasOperation = !entry.OperationId.IsNone;
        var fields = If(hasOperation, EntryFields.Operation);
        if (!entry.ReservationId.IsNone)
            fields |= entry.ReservationId == entry.OperationId ? EntryFields.ReservationIsOperation : EntryFields.Reservation;
        fields |= If(entry.HeadroomNanos == Outcome.NoCap, EntryFields.NoCap);
        fields |= If(entry.HeldDeltaNanos != 0, EntryFields.HeldDelta);
        fields |= If(entry.CommittedDeltaNanos != 0, EntryFields.CommittedDelta);
        fields |= If(entry.Tokens != 0, EntryFields.Tokens);
        fields |= If(entry.TokensDelta != 0, EntryFields.TokensDelta);
        fields |= If(entry.ExpiresAtMs != 0, EntryFields.ExpiresAt);
        fields |= If(entry.LimitMask != 0, EntryFields.LimitMask);
        fields |= If(entry.Final, EntryFields.Final);
        fields |= If(entry.HeldAfterNanos != (isReserved ? entry.HeldDeltaNanos : 0), EntryFields.HeldAfter);
        fields |= If(entry.TokensAfter != (isReserved ? entry.TokensDelta : 0), EntryFields.TokensAfter);
        fields |= If(entry.RequestsDelta != (isReserved ? 1 : 0), EntryFields.RequestsDelta);
        fields |= If(entry.Model is not null, EntryFields.Model);
        fields |= If(entry.Tag is not null, EntryFields.Tag);
        fields |= If(entry.OverrunNanos != 0, EntryFields.Overrun);
        fields |= If(entry.ReservedSeq != 0, EntryFields.ReservedSeq);
        fields |= If(entry.AmountNanos != 0, EntryFields.Amount);
        fields |= If(entry.Slot != 0, EntryFields.Slot);
        fields |= If(entry.WindowStartMs != 0, EntryFields.WindowStart);
        fields |= If(entry.Unit is not null, EntryFields.Unit);
        fields |= If(entry.Limits is not null, EntryFields.Limits);
        fields |= If(entry.Actor is not null, EntryFields.Actor);
        fields |= If(entry.Reason is not null, EntryFields.Reason);
        fields |= If(entry.Priced is not null, EntryFields.Priced);
        return fields | If(!hasOperation && entry.BodyHash != 0, EntryFields.BodyHashAlone);
    }

    private static EntryFields If(bool condition, EntryFields field) => condition ? field : EntryFields.None;

    private static bool Has(EntryFields fields, EntryFields field) => (fields & field) != 0;

    private static int Length(string? text) => text?.Length ?? 0;
}
