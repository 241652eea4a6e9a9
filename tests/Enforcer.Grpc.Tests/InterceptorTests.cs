using Enforcer.Grpc.Tests.Protos;
using Enforcer.Grpc.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Enforcer.Grpc.Tests;

/// <summary>Interceptors, and what becomes of whatever a handler throws.</summary>
public sealed class InterceptorTests
{
    [Fact]
    public async Task Interceptor_refuses_a_call_before_its_request_is_read()
    {
        var guard = new Recorder(call => call.Header("authorization") == "Bearer good"
            ? null : new GrpcStatusException(GrpcStatus.Unauthenticated, "authorization is missing."));
        await using var server = await ProbeServer.StartAsync(interceptors: [guard]);
        using var stranger = server.Connect();
        using var friend = server.Connect(new() { Headers = new() { { "authorization", "Bearer good" } } });
        var malformed = await RawCall.SendAsync(server.Address, RawCall.Echo, [9, 9, 9, 9, 9, 9]);
        Assert.Equal("16", malformed.Status);
        var error = await Assert.ThrowsAsync<GrpcStatusException>(() => stranger.UnaryAsync(ProbeService.Echo, new()).AsTask());
        Assert.Equal((GrpcStatus.Unauthenticated, "authorization is missing."), (error.Code, error.Message));
        using var refused = stranger.Duplex(ProbeService.Chat);
        Assert.Equal(GrpcStatus.Unauthenticated,
            (await Assert.ThrowsAsync<GrpcStatusException>(() => refused.Reader.ReadAsync().AsTask())).Code);
        Assert.Equal("hi", (await friend.UnaryAsync(ProbeService.Echo, new() { Text = "hi" })).Text);
    }

    /// <summary>Such a server ends the call while the client still sends, so whichever side hears of it first must say the same.</summary>
    [Fact]
    public async Task Writer_of_a_refused_stream_learns_why()
    {
        await using var server = await ProbeServer.StartAsync(
            interceptors: [new Recorder(_ => new GrpcStatusException(GrpcStatus.Unauthenticated, "authorization is missing."))]);
        using var stranger = server.Connect();
        for (var i = 0; i < 300; i++)
        {
            using var refused = stranger.Duplex(ProbeService.Chat);
            var error = await Assert.ThrowsAsync<GrpcStatusException>(() => SayUntilRefusedAsync(refused));
            Assert.Equal((GrpcStatus.Unauthenticated, "authorization is missing."), (error.Code, error.Message));
            error = await Assert.ThrowsAsync<GrpcStatusException>(() => refused.CompleteAsync().AsTask());
            Assert.Equal(GrpcStatus.Unauthenticated, error.Code);
        }

        static async Task SayUntilRefusedAsync(GrpcDuplexCall<ProbeRequest, ProbeReply> call)
        {
            var text = new string('x', 4_096);
            using var patience = new CancellationTokenSource(Patience.Limit);
            while (!patience.IsCancellationRequested)
            {
                call.Writer.Write(new() { Text = text });
                await call.Writer.FlushAsync();
            }
        }
    }

    [Fact]
    public async Task Interceptor_learns_path_peer_and_end_of_each_call()
    {
        var seen = new Recorder();
        await using var server = await ProbeServer.StartAsync(interceptors: [seen]);
        using var channel = server.Connect();
        await channel.UnaryAsync(ProbeService.Echo, new());
        await seen.EndedAsync();
        await Assert.ThrowsAsync<GrpcStatusException>(() => channel.UnaryAsync(ProbeService.Echo, new() { Fail = 5 }).AsTask());
        await seen.EndedAsync();
        Assert.Equal([GrpcStatus.Ok, GrpcStatus.NotFound], seen.Ends);
        Assert.All(seen.Calls, c => Assert.Equal("/probe.v1.Probe/Echo", c.Path));
        Assert.All(seen.Calls, c => Assert.StartsWith("127.0.0.1:", c.Peer, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Every_status_comes_through(GrpcStatus code)
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Connect();
        var error = await Assert.ThrowsAsync<GrpcStatusException>(() =>
            channel.UnaryAsync(ProbeService.Echo, new() { Fail = (int)code, Text = "why" }).AsTask());
        Assert.Equal((code, "why"), (error.Code, error.Message));
    }

    public static TheoryData<GrpcStatus> Codes => [.. Enum.GetValues<GrpcStatus>().Where(c => c != GrpcStatus.Ok)];

    [Fact]
    public async Task Text_of_an_unforeseen_exception_is_logged_and_stays_secret()
    {
        using var logs = new LogRecorder();
        await using var server = await ProbeServer.StartAsync(logs: logs);
        using var channel = server.Connect();
        var error = await Assert.ThrowsAsync<GrpcStatusException>(() => channel.UnaryAsync(ProbeService.Echo, new() { Crash = true }).AsTask());
        Assert.Equal(GrpcStatus.Unknown, error.Code);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Contains(logs.Entries, e => e is { Level: LogLevel.Error, Failure: InvalidOperationException { Message: "secret text" } });
    }

    [Fact]
    public async Task What_clients_do_wrong_is_no_error_in_the_log()
    {
        using var logs = new LogRecorder();
        await using var server = await ProbeServer.StartAsync(logs: logs);
        using var channel = server.Connect();
        await RawCall.SendAsync(server.Address, RawCall.Echo, [1, 2, 3]);
        using (var call = channel.Duplex(ProbeService.Chat))
            await call.Writer.WriteAsync(new() { Wait = true });
        using var cancel = new CancellationTokenSource();
        var waiting = channel.UnaryAsync(ProbeService.Echo, new() { Wait = true }, new() { CancellationToken = cancel.Token }).AsTask();
        await server.Probe.Waiting.WaitAsync(Patience.Limit);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<GrpcStatusException>(() => waiting);
        await server.Probe.Cancelled.WaitAsync(Patience.Limit);
        await server.StopAsync();
        Assert.DoesNotContain(logs.Entries, e => e.Level >= LogLevel.Error);
    }
}
