using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Enforcer.Grpc;

/// <summary>A method as a client calls it. Made once by <see cref="GrpcMethod.Create"/> and shared by all calls.</summary>
public sealed class GrpcMethod<TRequest, TResponse>
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    internal GrpcMethod(MethodDescriptor descriptor)
    {
        Descriptor = descriptor;
        Kind = MethodShape.KindOf(descriptor)
            ?? throw new ArgumentException($"method {descriptor.FullName} is client streaming; use unary, server streaming or duplex.", nameof(descriptor));
        Path = $"/{descriptor.Service.FullName}/{descriptor.Name}";
        ResponseParser = (MessageParser<TResponse>)descriptor.OutputType.Parser;
    }

    /// <summary>The path on the wire: <c>/package.Service/Method</c>.</summary>
    public string Path { get; }

    /// <summary>How many messages go each way.</summary>
    public GrpcMethodKind Kind { get; }

    /// <summary>The descriptor it was made from.</summary>
    public MethodDescriptor Descriptor { get; }

    internal MessageParser<TResponse> ResponseParser { get; }

    internal void Require(GrpcMethodKind kind)
    {
        if (Kind != kind)
            throw new ArgumentException($"method {Path} is {Kind}, not {kind}.");
    }
}
