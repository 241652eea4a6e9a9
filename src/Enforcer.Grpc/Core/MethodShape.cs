using Google.Protobuf.Reflection;

namespace Enforcer.Grpc;

/// <summary>Checks that a method in code is the one in the descriptor.</summary>
internal static class MethodShape
{
    public static MethodDescriptor Find<TRequest, TResponse>(ServiceDescriptor service, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var method = service.FindMethodByName(name) ?? throw new ArgumentException(
            $"service {service.FullName} has no method '{name}'; it has {string.Join(", ", service.Methods.Select(m => m.Name))}.", nameof(name));
        if (method.InputType.ClrType != typeof(TRequest))
            throw new ArgumentException($"method {method.FullName} takes {method.InputType.FullName}, not {typeof(TRequest).Name}.");
        if (method.OutputType.ClrType != typeof(TResponse))
            throw new ArgumentException($"method {method.FullName} returns {method.OutputType.FullName}, not {typeof(TResponse).Name}.");
        return method;
    }

    /// <summary>The kind, or null for client streaming, which this layer does not offer.</summary>
    public static GrpcMethodKind? KindOf(MethodDescriptor method) => (method.IsClientStreaming, method.IsServerStreaming) switch
    {
        (false, false) => GrpcMethodKind.Unary,
        (false, true) => GrpcMethodKind.ServerStream,
        (true, true) => GrpcMethodKind.Duplex,
        _ => null,
    };
}
