using Google.Protobuf.Reflection;

namespace Enforcer.Grpc;

/// <summary>A method as a server offers it.</summary>
public sealed class GrpcMethodInfo
{
    internal GrpcMethodInfo(MethodDescriptor descriptor, GrpcMethodKind kind, int? maxReceiveBytes)
    {
        Descriptor = descriptor;
        Kind = kind;
        MaxReceiveBytes = maxReceiveBytes;
        Path = $"/{descriptor.Service.FullName}/{descriptor.Name}";
    }

    /// <summary>The path on the wire: <c>/package.Service/Method</c>.</summary>
    public string Path { get; }

    /// <summary>The method's own name.</summary>
    public string Name => Descriptor.Name;

    /// <summary>The full name of its service.</summary>
    public string Service => Descriptor.Service.FullName;

    /// <summary>How many messages go each way.</summary>
    public GrpcMethodKind Kind { get; }

    /// <summary>Its own bound for request messages, in bytes; null: the server's.</summary>
    public int? MaxReceiveBytes { get; }

    /// <summary>The descriptor it was bound from.</summary>
    public MethodDescriptor Descriptor { get; }
}
