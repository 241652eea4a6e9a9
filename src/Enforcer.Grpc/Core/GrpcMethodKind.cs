namespace Enforcer.Grpc;

/// <summary>How many messages go each way.</summary>
public enum GrpcMethodKind
{
    /// <summary>One request, one response.</summary>
    Unary,

    /// <summary>One request, many responses.</summary>
    ServerStream,

    /// <summary>Many requests, many responses, independent of each other.</summary>
    Duplex,
}
