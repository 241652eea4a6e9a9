using System.Collections.Concurrent;

namespace Enforcer.Grpc.Tests.Support;

/// <summary>Notes every call that comes by and how it ended; may refuse.</summary>
public sealed class Recorder(Func<GrpcCall, GrpcStatusException?>? refuse = null) : GrpcInterceptor
{
    private readonly SemaphoreSlim _ended = new(0);

    public ConcurrentQueue<SeenCall> Calls { get; } = new();

    public ConcurrentQueue<GrpcStatus> Ends { get; } = new();

    public override ValueTask BeforeAsync(GrpcCall call)
    {
        Calls.Enqueue(new(call.Method.Path, call.Deadline, call.Peer, call.HttpContext.Connection.Id));
        call.State = "seen";
        return refuse?.Invoke(call) is { } refusal ? throw refusal : default;
    }

    public override void After(GrpcCall call, GrpcStatus status)
    {
        Ends.Enqueue(status);
        _ended.Release();
    }

    /// <summary>Waits until one more call has ended.</summary>
    public async Task EndedAsync() => Assert.True(await _ended.WaitAsync(Patience.Limit));

    public sealed record SeenCall(string Path, DateTimeOffset? Deadline, string Peer, string Connection);
}
