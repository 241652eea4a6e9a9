namespace Enforcer.Grpc;

/// <summary>Header names and values of the protocol.</summary>
internal static class GrpcNames
{
    public const string ContentType = "application/grpc";
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string StatusDetails = "grpc-status-details-bin";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string Identity = "identity";

    /// <summary>Whether a content type is gRPC with protobuf messages.</summary>
    public static bool IsGrpc(string? contentType)
    {
        if (contentType is null || !contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase))
            return false;
        var suffix = contentType.AsSpan(ContentType.Length);
        return suffix.IsEmpty || suffix[0] == ';' || suffix.Equals("+proto", StringComparison.OrdinalIgnoreCase)
            || suffix.StartsWith("+proto;", StringComparison.OrdinalIgnoreCase);
    }
}
