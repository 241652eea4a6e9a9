using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Enforcer.Grpc;

/// <summary>Makes client methods from generated descriptors.</summary>
public static class GrpcMethod
{
    /// <summary>Finds a method by name and checks its message types.</summary>
    /// <param name="service">From generated code: <c>XxxReflection.Descriptor.Services[i]</c>.</param>
    /// <param name="name">The method's name in the proto file.</param>
    /// <exception cref="ArgumentException">There is no such method, or it has other types.</exception>
    public static GrpcMethod<TRequest, TResponse> Create<TRequest, TResponse>(ServiceDescriptor service, string name)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(service);
        return new(MethodShape.Find<TRequest, TResponse>(service, name));
    }
}
