namespace Enforcer.Grpc;

/// <summary>
/// Stands around every call of a server: authentication and authorization before the handler, metrics after it. One instance
/// serves all calls at once.
/// </summary>
public abstract class GrpcInterceptor
{
    /// <summary>Runs before the request is read. Throws <see cref="GrpcStatusException"/> to refuse the call.</summary>
    public virtual ValueTask BeforeAsync(GrpcCall call) => default;

    /// <summary>Runs after the call has its status, also for calls that <see cref="BeforeAsync"/> refused. Must not throw.</summary>
    public virtual void After(GrpcCall call, GrpcStatus status)
    {
    }
}
