namespace Enforcer.Grpc.Tests.Support;

/// <summary>How many handlers of one method ran at once, at most.</summary>
public sealed class BusyCounter(string path) : GrpcInterceptor
{
    private readonly Lock _gate = new();
    private int _running;

    public int Most { get; private set; }

    public override ValueTask BeforeAsync(GrpcCall call)
    {
        if (call.Method.Path == path)
        {
            lock (_gate)
                Most = Math.Max(Most, ++_running);
        }
        return default;
    }

    public override void After(GrpcCall call, GrpcStatus status)
    {
        if (call.Method.Path == path)
        {
            lock (_gate)
                _running--;
        }
    }
}
