using Enforcer.Journal.Format;
using Enforcer.Ledger.Limits;

namespace Enforcer.Cluster;

/// <summary>Limits in the form of the journal, which all nodes of a cluster share.</summary>
internal static class LimitBytes
{
    public static byte[] Of(LimitSet limits)
    {
        var bytes = new byte[LimitCodec.MaxBytes(limits)];
        var writer = new ByteWriter(bytes);
        LimitCodec.Write(ref writer, limits);
        return bytes[..writer.Position];
    }

    public static LimitSet Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        return LimitCodec.Read(ref reader);
    }
}
