using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Enforcer.Grpc;

/// <summary>The <c>google.rpc.Status</c> in <c>grpc-status-details-bin</c>.</summary>
internal static class RichStatus
{
    public static string? Encode(GrpcStatus code, string message, IReadOnlyList<Any> details)
    {
        if (details.Count == 0)
            return null;
        var status = new Google.Rpc.Status { Code = (int)code, Message = message };
        status.Details.AddRange(details);
        return BinaryHeader.Encode(status.ToByteArray());
    }

    /// <summary>The details, or none if the header is missing or damaged: a bad detail must not hide the status itself.</summary>
    public static IReadOnlyList<Any> Decode(string? header)
    {
        if (header is null || !BinaryHeader.TryDecode(header, out var bytes))
            return [];
        try
        {
            return [.. Google.Rpc.Status.Parser.ParseFrom(bytes).Details];
        }
        catch (InvalidProtocolBufferException)
        {
            return [];
        }
    }
}
