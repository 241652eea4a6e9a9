using Enforcer.Ledger.Limits;

namespace Enforcer.Journal.Format;

/// <summary>Limits, in entries and in snapshots.</summary>
internal static class LimitCodec
{
    private const int NumberBytes = 10;

    /// <summary>The most bytes that a set can take.</summary>
    public static int MaxBytes(LimitSet limits)
    {
        var bytes = 8 * NumberBytes;
        foreach (var limit in limits.Spend) bytes += MaxBytes(limit);
        return bytes;
    }

    /// <summary>The most bytes that a limit can take.</summary>
    public static int MaxBytes(SpendLimit limit) =>
        (5 * NumberBytes) + (3 * ((limit.ModelPattern?.Length ?? 0) + (limit.Tag?.Length ?? 0) + (limit.Zone?.Length ?? 0)));

    public static void Write(ref ByteWriter writer, LimitSet limits)
    {
        writer.WriteCount(limits.Spend.Count);
        foreach (var limit in limits.Spend) Write(ref writer, limit);
        WriteRate(ref writer, limits.Requests);
        WriteRate(ref writer, limits.Tokens);
        writer.WriteSigned(limits.Concurrency);
        writer.WriteByte((byte)limits.OnExpiry);
    }

    public static LimitSet Read(ref ByteReader reader)
    {
        var spend = new SpendLimit[reader.ReadCount()];
        for (var i = 0; i < spend.Length; i++) spend[i] = ReadSpend(ref reader);
        var requests = ReadRate(ref reader);
        var tokens = ReadRate(ref reader);
        var concurrency = reader.ReadInt32();
        return new LimitSet(spend, requests, tokens, concurrency, (ExpiryPolicy)reader.ReadByte());
    }

    public static void Write(ref ByteWriter writer, SpendLimit limit)
    {
        writer.WriteByte((byte)limit.Window);
        writer.WriteSigned(limit.CapNanos);
        writer.WriteOptionalText(limit.ModelPattern);
        writer.WriteOptionalText(limit.Tag);
        writer.WriteOptionalText(limit.Zone);
    }

    public static SpendLimit ReadSpend(ref ByteReader reader)
    {
        var window = (SpendWindow)reader.ReadByte();
        var cap = reader.ReadSigned();
        var pattern = reader.ReadOptionalText();
        var tag = reader.ReadOptionalText();
        return new SpendLimit(window, cap, pattern, tag, reader.ReadOptionalText());
    }

    private static void WriteRate(ref ByteWriter writer, RateLimit? rate)
    {
        writer.WriteByte(rate is null ? (byte)0 : (byte)1);
        if (rate is null) return;
        writer.WriteSigned(rate.PerMinute);
        writer.WriteSigned(rate.Burst);
    }

    private static RateLimit? ReadRate(ref ByteReader reader)
    {
        switch (reader.ReadByte())
        {
            case 0: return null;
            case 1:
                var perMinute = reader.ReadSigned();
                return new RateLimit(perMinute, reader.ReadSigned());
            default: throw new JournalCorruptException($"Byte {reader.Position} says neither that there is a rate limit nor that there is none.");
        }
    }
}
