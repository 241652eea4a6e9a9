using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Prices;
using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Metering;

namespace Enforcer.Journal.Format;

/// <summary>
/// What concerns a call's price, in entries and in snapshots. Meters and tiers stand by name, so that the catalogue of meters may grow; the
/// pools that every call has stand by number.
/// </summary>
internal static class PricedCallCodec
{
    private const int FixedBytes = 128;
    private const int NumberBytes = 10;
    private const int TextBytes = 5;
    private const int BytesPerChar = 3;
    private static readonly SharedValues<string> Texts = new();

    /// <summary>Pools by their number, from 1; 0 is written before the names of any other.</summary>
    private static readonly MeterGroup[] Pools =
    [
        MeterPool.TextPrompt,
        MeterPool.TextCompletion,
        MeterGroup.Of(UsageMeters.Requests),
        MeterGroup.Of(UsageMeters.OutcomeResolved, UsageMeters.OutcomeFailed),
        MeterPool.TextAndImagePrompt,
    ];

    [Flags]
    private enum Fields
    {
        None = 0,
        Bound = 1 << 0,
        Usage = 1 << 1,
        Terms = 1 << 2,
        Estimated = 1 << 3,
        Marks = 1 << 4,
        ServedModel = 1 << 5,
        RequestId = 1 << 6,
        Latency = 1 << 7,
        Priced = 1 << 8,
        All = (1 << 9) - 1,
    }

    /// <summary>The most bytes that it can take.</summary>
    public static int MaxBytes(PricedCall call)
    {
        var chars = call.Pin.Length + call.Provider.Length + call.Model.Length + (call.ServedModel?.Length ?? 0) + (call.RequestId?.Length ?? 0) + (call.Terms.Region?.Length ?? 0);
        var bytes = FixedBytes;
        foreach (var mark in call.Marks) bytes += (3 * NumberBytes) + TextBytes + (BytesPerChar * mark.Counter.Length);
        foreach (var pool in call.Bound?.Pools ?? []) bytes += NumberBytes + TextBytes + 1 + (BytesPerChar * pool.Meters.Name.Length);
        foreach (var terms in call.Bound?.Terms ?? []) bytes += NumberBytes + TextBytes + (BytesPerChar * (terms.Region?.Length ?? 0));
        foreach (var item in call.Usage ?? Usage.None) bytes += NumberBytes + TextBytes + (BytesPerChar * item.Meter.Name.Length);
        return bytes + (BytesPerChar * chars);
    }

    public static void Write(ref ByteWriter writer, PricedCall call)
    {
        var fields = FieldsOf(call);
        writer.WriteUnsigned((uint)fields);
        writer.WriteText(call.Pin);
        writer.WriteText(call.Provider);
        writer.WriteText(call.Model);
        writer.WriteSigned(call.CostNanos);
        writer.WriteSigned(call.AmountCostNanos);
        if (Has(fields, Fields.Bound)) WriteBound(ref writer, call.Bound!);
        if (Has(fields, Fields.Usage)) WriteUsage(ref writer, call.Usage!);
        if (Has(fields, Fields.Terms)) WriteTerms(ref writer, call.Terms);
        if (Has(fields, Fields.Marks)) WriteMarks(ref writer, call);
        if (Has(fields, Fields.ServedModel)) writer.WriteText(call.ServedModel!);
        if (Has(fields, Fields.RequestId)) writer.WriteText(call.RequestId!);
        if (Has(fields, Fields.Latency)) writer.WriteSigned(call.LatencyMs);
        if (Has(fields, Fields.Priced)) writer.WriteSigned(call.PricedNanos);
    }

    /// <exception cref="JournalCorruptException">The bytes are no priced call.</exception>
    public static PricedCall Read(ref ByteReader reader)
    {
        var flags = reader.ReadUnsigned();
        if ((flags & ~(ulong)Fields.All) != 0) throw new JournalCorruptException($"A priced call before byte {reader.Position} has unknown fields ({flags:x}).");
        var fields = (Fields)flags;
        try
        {
            return Read(ref reader, fields);
        }
        catch (ArgumentException e)
        {
            throw new JournalCorruptException($"The priced call before byte {reader.Position} contradicts itself: {e.Message}", e);
        }
    }

    private static PricedCall Read(ref ByteReader reader, Fields fields)
    {
        // An initializer runs in the order in which it is written here, which is the order of the fields in the bytes.
        var call = new PricedCall
        {
            Pin = Texts.Of(reader.ReadText()),
            Provider = Texts.Of(reader.ReadText()),
            Model = Texts.Of(reader.ReadText()),
            CostNanos = reader.ReadSigned(),
            AmountCostNanos = reader.ReadSigned(),
            Bound = Has(fields, Fields.Bound) ? ReadBound(ref reader) : null,
            Usage = Has(fields, Fields.Usage) ? ReadUsage(ref reader) : null,
            Terms = Has(fields, Fields.Terms) ? ReadTerms(ref reader) : default,
            Period = Has(fields, Fields.Marks) ? reader.ReadInt32() : 0,
            Marks = Has(fields, Fields.Marks) ? ReadMarks(ref reader) : [],
            ServedModel = Has(fields, Fields.ServedModel) ? Texts.Of(reader.ReadText()) : null,
            RequestId = Has(fields, Fields.RequestId) ? reader.ReadText() : null,
            LatencyMs = Has(fields, Fields.Latency) ? reader.ReadSigned() : 0,
            PricedNanos = Has(fields, Fields.Priced) ? reader.ReadSigned() : 0,
            IsEstimated = Has(fields, Fields.Estimated),
        };
        return call;
    }

    private static Fields FieldsOf(PricedCall call) =>
        If(call.Bound is not null, Fields.Bound) | If(call.Usage is not null, Fields.Usage) | If(call.Terms != default, Fields.Terms)
        | If(call.IsEstimated, Fields.Estimated) | If(!call.Marks.IsEmpty || call.Period != 0, Fields.Marks)
        | If(call.ServedModel is not null, Fields.ServedModel) | If(call.RequestId is not null, Fields.RequestId)
        | If(call.LatencyMs != 0, Fields.Latency) | If(call.PricedNanos != 0, Fields.Priced);

    private static void WriteBound(ref ByteWriter writer, UsageBound bound)
    {
        writer.WriteCount(bound.Pools.Count);
        foreach (var pool in bound.Pools)
        {
            var number = Array.IndexOf(Pools, pool.Meters) + 1;
            writer.WriteByte((byte)number);
            if (number == 0) writer.WriteText(pool.Meters.Name);
            writer.WriteSigned(pool.Most);
        }
        writer.WriteCount(bound.Terms.Count);
        foreach (var terms in bound.Terms) WriteTerms(ref writer, terms);
    }

    private static UsageBound ReadBound(ref ByteReader reader)
    {
        var pools = new MeterPool[reader.ReadCount()];
        for (var i = 0; i < pools.Length; i++)
        {
            var number = reader.ReadByte();
            if (number > Pools.Length) throw new JournalCorruptException($"Byte {reader.Position} names the pool {number}, which there is not.");
            var meters = number == 0 ? ReadGroup(ref reader) : Pools[number - 1];
            pools[i] = new MeterPool(reader.ReadSigned(), meters);
        }
        var terms = new CallTerms[reader.ReadCount()];
        for (var i = 0; i < terms.Length; i++) terms[i] = ReadTerms(ref reader);
        return new UsageBound(pools, terms);
    }

    private static MeterGroup ReadGroup(ref ByteReader reader)
    {
        var name = reader.ReadText();
        return MeterGroup.TryParse(name, out var group) ? group : throw new JournalCorruptException($"The group of meters '{name}' before byte {reader.Position} is not known.");
    }

    private static void WriteUsage(ref ByteWriter writer, Usage usage)
    {
        writer.WriteCount(usage.Count);
        foreach (var item in usage)
        {
            writer.WriteText(item.Meter.Name);
            writer.WriteUnsigned((ulong)item.Quantity);
        }
    }

    private static Usage ReadUsage(ref ByteReader reader)
    {
        var items = new (UsageMeter, long)[reader.ReadCount()];
        for (var i = 0; i < items.Length; i++)
        {
            var name = reader.ReadText();
            if (!UsageMeter.TryParse(name, out var meter)) throw new JournalCorruptException($"The meter '{name}' before byte {reader.Position} is not known.");
            var quantity = reader.ReadUnsigned();
            if (quantity > Usage.MostPerMeter) throw new JournalCorruptException($"The quantity {quantity} before byte {reader.Position} is above {Usage.MostPerMeter}.");
            items[i] = (meter, (long)quantity);
        }
        return Usage.Of(items);
    }

    private static void WriteTerms(ref ByteWriter writer, CallTerms terms)
    {
        writer.WriteByte((byte)terms.Tier);
        writer.WriteOptionalText(terms.Region);
    }

    private static CallTerms ReadTerms(ref ByteReader reader)
    {
        var tier = (ServiceTier)reader.ReadByte();
        if (!Enum.IsDefined(tier)) throw new JournalCorruptException($"Byte {reader.Position} names the service tier {(int)tier}, which there is not.");
        return new CallTerms(tier, reader.ReadOptionalText() is { } region ? Texts.Of(region) : null);
    }

    private static void WriteMarks(ref ByteWriter writer, PricedCall call)
    {
        writer.WriteSigned(call.Period);
        writer.WriteCount(call.Marks.Length);
        foreach (var mark in call.Marks)
        {
            writer.WriteText(mark.Counter);
            writer.WriteSigned(mark.Least);
            writer.WriteSigned(mark.Most);
            writer.WriteSigned(mark.Units);
        }
    }

    private static CountMark[] ReadMarks(ref ByteReader reader)
    {
        var marks = new CountMark[reader.ReadCount()];
        for (var i = 0; i < marks.Length; i++)
            marks[i] = new CountMark(Texts.Of(reader.ReadText()), reader.ReadSigned(), reader.ReadSigned(), reader.ReadSigned());
        return marks;
    }

    private static Fields If(bool condition, Fields field) => condition ? field : Fields.None;

    private static bool Has(Fields fields, Fields field) => (fields & field) != 0;
}
