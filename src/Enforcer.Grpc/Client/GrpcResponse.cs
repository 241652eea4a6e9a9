namespace Enforcer.Grpc;

/// <summary>The answer of a unary call, with the metadata around it.</summary>
/// <param name="Message">The response.</param>
/// <param name="Headers">What the server sent before it.</param>
/// <param name="Trailers">What the server sent after it.</param>
public sealed record GrpcResponse<T>(T Message, GrpcMetadata Headers, GrpcMetadata Trailers);
