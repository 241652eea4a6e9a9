using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Enforcer.Grpc;

/// <summary>
/// Binds handlers to the methods of one service. Names, message types and kinds are checked against the descriptor, and
/// <see cref="GrpcServer"/> refuses a service with a method that nobody handles.
/// </summary>
public sealed class GrpcService
{
    private readonly Dictionary<string, MethodBinding> _bindings = [];

    /// <summary>Starts with no handler.</summary>
    /// <param name="descriptor">From generated code: <c>XxxReflection.Descriptor.Services[i]</c>.</param>
    public GrpcService(ServiceDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        Descriptor = descriptor;
    }

    /// <summary>The service.</summary>
    public ServiceDescriptor Descriptor { get; }

    internal IReadOnlyCollection<MethodBinding> Bindings
    {
        get
        {
            var missing = Descriptor.Methods.Where(m => !_bindings.ContainsKey(m.Name)).Select(m => m.Name).ToList();
            if (missing.Count > 0)
                throw new InvalidOperationException($"service {Descriptor.FullName} has no handler for {string.Join(", ", missing)}; bind each method.");
            return _bindings.Values;
        }
    }

    /// <summary>Binds a method with one request and one response.</summary>
    /// <param name="method">The method's name in the proto file.</param>
    /// <param name="handler">May end the call with <see cref="GrpcStatusException"/>.</param>
    /// <param name="maxReceiveBytes">The longest request, in bytes; null: <see cref="GrpcServerOptions.MaxReceiveBytes"/>.</param>
    public GrpcService Unary<TRequest, TResponse>(
        string method, Func<TRequest, GrpcCall, ValueTask<TResponse>> handler, int? maxReceiveBytes = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(handler);
        var info = Check<TRequest, TResponse>(method, GrpcMethodKind.Unary, maxReceiveBytes);
        return Add(new UnaryBinding<TRequest, TResponse>(info, handler));
    }

    /// <summary>Binds a method with one request and a stream of responses.</summary>
    /// <param name="method">The method's name in the proto file.</param>
    /// <param name="handler">Writes the responses; the stream ends when it returns.</param>
    /// <param name="maxReceiveBytes">The longest request, in bytes; null: <see cref="GrpcServerOptions.MaxReceiveBytes"/>.</param>
    public GrpcService ServerStream<TRequest, TResponse>(
        string method, Func<TRequest, GrpcStreamWriter<TResponse>, GrpcCall, Task> handler, int? maxReceiveBytes = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(handler);
        var info = Check<TRequest, TResponse>(method, GrpcMethodKind.ServerStream, maxReceiveBytes);
        return Add(new ServerStreamBinding<TRequest, TResponse>(info, handler));
    }

    /// <summary>Binds a method with a stream each way.</summary>
    /// <param name="method">The method's name in the proto file.</param>
    /// <param name="handler">Reads and writes; the stream ends when it returns.</param>
    /// <param name="maxReceiveBytes">The longest message, in bytes; null: <see cref="GrpcServerOptions.MaxStreamReceiveBytes"/>.</param>
    public GrpcService Duplex<TRequest, TResponse>(
        string method,
        Func<GrpcStreamReader<TRequest>, GrpcStreamWriter<TResponse>, GrpcCall, Task> handler,
        int? maxReceiveBytes = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(handler);
        var info = Check<TRequest, TResponse>(method, GrpcMethodKind.Duplex, maxReceiveBytes);
        return Add(new DuplexBinding<TRequest, TResponse>(info, handler));
    }

    private GrpcService Add(MethodBinding binding)
    {
        if (!_bindings.TryAdd(binding.Info.Name, binding))
            throw new ArgumentException($"method {binding.Info.Path} has a handler already; bind it once.");
        return this;
    }

    private GrpcMethodInfo Check<TRequest, TResponse>(string method, GrpcMethodKind kind, int? maxReceiveBytes)
    {
        if (maxReceiveBytes is <= 0)
            throw new ArgumentOutOfRangeException(nameof(maxReceiveBytes), maxReceiveBytes, "A bound for messages is at least one byte.");
        var descriptor = MethodShape.Find<TRequest, TResponse>(Descriptor, method);
        if (MethodShape.KindOf(descriptor) != kind)
        {
            var actual = MethodShape.KindOf(descriptor)?.ToString() ?? "client streaming";
            throw new ArgumentException($"method {descriptor.FullName} is {actual}, not {kind}.", nameof(method));
        }
        return new(descriptor, kind, maxReceiveBytes);
    }
}
