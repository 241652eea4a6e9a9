using Enforcer.Grpc.Tests.Protos;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Enforcer.Grpc.Tests.Support;

/// <summary>The service that the tests call; records what it saw of cancellation.</summary>
public sealed class ProbeService
{
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sent;

    public static ServiceDescriptor Descriptor => ProbeReflection.Descriptor.Services[0];

    public static GrpcMethod<ProbeRequest, ProbeReply> Echo { get; } = GrpcMethod.Create<ProbeRequest, ProbeReply>(Descriptor, "Echo");

    public static GrpcMethod<ProbeRequest, ProbeReply> Count { get; } = GrpcMethod.Create<ProbeRequest, ProbeReply>(Descriptor, "Count");

    public static GrpcMethod<ProbeRequest, ProbeReply> Chat { get; } = GrpcMethod.Create<ProbeRequest, ProbeReply>(Descriptor, "Chat");

    /// <summary>Completes when a handler waits.</summary>
    public Task Waiting => _waiting.Task;

    /// <summary>Messages that streaming handlers got rid of.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Completes when a waiting handler was cancelled.</summary>
    public Task Cancelled => _cancelled.Task;

    public GrpcService Bind() => new GrpcService(Descriptor)
        .Unary<ProbeRequest, ProbeReply>("Echo", EchoAsync)
        .ServerStream<ProbeRequest, ProbeReply>("Count", CountAsync)
        .Duplex<ProbeRequest, ProbeReply>("Chat", ChatAsync);

    private async ValueTask<ProbeReply> EchoAsync(ProbeRequest request, GrpcCall call)
    {
        ReturnMetadata(call);
        await ObeyAsync(request, call);
        return Reply(request, 0);
    }

    private async Task CountAsync(ProbeRequest request, GrpcStreamWriter<ProbeReply> replies, GrpcCall call)
    {
        ReturnMetadata(call);
        for (var i = 0; i < request.Count; i++)
        {
            await replies.WriteAsync(Reply(request, i));
            Interlocked.Increment(ref _sent);
        }
        await ObeyAsync(request, call);
    }

    private async Task ChatAsync(GrpcStreamReader<ProbeRequest> requests, GrpcStreamWriter<ProbeReply> replies, GrpcCall call)
    {
        ReturnMetadata(call);
        var number = 0;
        while (await requests.ReadAsync() is { } request)
        {
            await ObeyAsync(request, call);
            await replies.WriteAsync(Reply(request, number++));
        }
    }

    private static ProbeReply Reply(ProbeRequest request, int number) => new()
    {
        Text = request.Text,
        Number = number,
        Payload = request.ReplyBytes > 0 ? ByteString.CopyFrom(new byte[request.ReplyBytes]) : request.Payload,
    };

    /// <summary>Headers named x-echo and x-echo-bin come back as trailers.</summary>
    private static void ReturnMetadata(GrpcCall call)
    {
        if (call.Header("x-echo") is { } text)
            call.ResponseTrailers.Add("x-echo", text);
        if (call.BinaryHeader("x-echo-bin") is { } bytes)
            call.ResponseTrailers.Add("x-echo-bin", bytes);
    }

    private async Task ObeyAsync(ProbeRequest request, GrpcCall call)
    {
        if (request.Crash)
            throw new InvalidOperationException("secret text");
        if (request.Wait)
            await WaitAsync(call);
        if (request.Fail == 0)
            return;
        var status = (GrpcStatus)request.Fail;
        throw request.Rich
            ? new GrpcStatusException(status, request.Text,
                new Google.Rpc.ErrorInfo { Reason = "PROBE", Domain = "probe.test", Metadata = { ["field"] = "text" } },
                new Google.Rpc.QuotaFailure { Violations = { new Google.Rpc.QuotaFailure.Types.Violation { Subject = "key", Description = "too much" } } },
                new Google.Rpc.RetryInfo { RetryDelay = new() { Seconds = 2 } },
                new Google.Rpc.BadRequest { FieldViolations = { new Google.Rpc.BadRequest.Types.FieldViolation { Field = "text", Description = "odd" } } })
            : new GrpcStatusException(status, request.Text);
    }

    private async Task WaitAsync(GrpcCall call)
    {
        var cancelled = call.CancellationToken;
        _waiting.TrySetResult();
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancelled);
        }
        finally
        {
            _cancelled.TrySetResult();
        }
    }
}
