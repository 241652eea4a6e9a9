using Enforcer.Grpc.Tests.Protos;
using Enforcer.Grpc.Tests.Support;

namespace Enforcer.Grpc.Tests;

/// <summary>Deadlines hold at both ends, each end by its own clock; cancellation goes through to the handler.</summary>
public sealed class DeadlineTests
{
    private static readonly ProbeRequest Waiting = new() { Wait = true };

    [Theory]
    [InlineData("Echo")]
    [InlineData("Count")]
    [InlineData("Chat")]
    public async Task Server_ends_a_call_at_its_deadline(string method)
    {
        var time = new ManualClock();
        await using var server = await ProbeServer.StartAsync(new() { TimeProvider = time });
        var body = RawCall.Frame(0, 2, 0x38, 1);
        var answer = RawCall.SendAsync(server.Address, $"/probe.v1.Probe/{method}", body,
            headers: new Dictionary<string, string> { ["grpc-timeout"] = "5S" });
        await server.Probe.Waiting.WaitAsync(Patience.Limit);
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(server.Probe.Cancelled.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal("4", (await answer).Status);
        Assert.True(server.Probe.Cancelled.IsCompleted);
    }

    [Fact]
    public async Task Client_gives_up_at_the_deadline_by_its_own_clock()
    {
        var time = new ManualClock();
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Connect(new() { TimeProvider = time });
        var call = channel.UnaryAsync(ProbeService.Echo, Waiting, new() { Timeout = TimeSpan.FromHours(1) }).AsTask();
        await server.Probe.Waiting.WaitAsync(Patience.Limit);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(GrpcStatus.DeadlineExceeded, (await Fails(call)).Code);
        await server.Probe.Cancelled.WaitAsync(Patience.Limit);
    }

    [Fact]
    public async Task Client_gives_up_on_streams_too()
    {
        var time = new ManualClock();
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Connect(new() { TimeProvider = time });
        using var call = channel.Duplex(ProbeService.Chat, new() { Timeout = TimeSpan.FromHours(1) });
        await call.ResponseHeadersAsync().WaitAsync(Patience.Limit);
        var read = call.Reader.ReadAsync().AsTask();
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(GrpcStatus.DeadlineExceeded, (await Fails(read)).Code);
        await Assert.ThrowsAsync<GrpcStatusException>(async () =>
        {
            while (true)
            {
                call.Writer.Write(Waiting);
                await call.Writer.FlushAsync();
            }
        });
    }

    [Fact]
    public async Task Deadline_reaches_the_handler()
    {
        var time = new ManualClock();
        var seen = new Recorder();
        await using var server = await ProbeServer.StartAsync(new() { TimeProvider = time }, [seen]);
        using var channel = server.Connect(new() { TimeProvider = time });
        await channel.UnaryAsync(ProbeService.Echo, new(), new() { Timeout = TimeSpan.FromSeconds(90) });
        Assert.Equal(time.GetUtcNow() + TimeSpan.FromSeconds(90), seen.Calls.Single().Deadline);
    }

    [Fact]
    public async Task Deadline_that_has_passed_before_the_call_ends_it()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Connect();
        var call = channel.UnaryAsync(ProbeService.Echo, Waiting, new() { Timeout = TimeSpan.Zero }).AsTask();
        Assert.Equal(GrpcStatus.DeadlineExceeded, (await Fails(call)).Code);
    }

    [Fact]
    public async Task Cancelling_a_unary_call_cancels_its_handler()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Connect();
        using var cancel = new CancellationTokenSource();
        var call = channel.UnaryAsync(ProbeService.Echo, Waiting, new() { CancellationToken = cancel.Token }).AsTask();
        await server.Probe.Waiting.WaitAsync(Patience.Limit);
        await cancel.CancelAsync();
        Assert.Equal(GrpcStatus.Cancelled, (await Fails(call)).Code);
        await server.Probe.Cancelled.WaitAsync(Patience.Limit);
    }

    [Fact]
    public async Task Leaving_the_enumeration_cancels_the_handler()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Connect();
        await foreach (var _ in channel.ServerStream(ProbeService.Count, new ProbeRequest { Count = 3, Wait = true }))
            break;
        await server.Probe.Cancelled.WaitAsync(Patience.Limit);
    }

    [Fact]
    public async Task Disposing_a_duplex_call_cancels_the_handler_and_its_own_reads()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Connect();
        var call = channel.Duplex(ProbeService.Chat);
        await call.Writer.WriteAsync(Waiting);
        await server.Probe.Waiting.WaitAsync(Patience.Limit);
        var read = call.Reader.ReadAsync().AsTask();
        call.Dispose();
        Assert.Equal(GrpcStatus.Cancelled, (await Fails(read)).Code);
        await server.Probe.Cancelled.WaitAsync(Patience.Limit);
        Assert.Throws<GrpcStatusException>(() => call.Writer.Write(Waiting));
    }

    [Fact]
    public async Task Broken_connection_cancels_the_handler()
    {
        await using var server = await ProbeServer.StartAsync();
        using (var connection = await RawHttp2.ConnectAsync(server.Address))
        {
            await connection.CallAsync(1, RawCall.Echo, RawCall.Frame(0, 2, 0x38, 1));
            await server.Probe.Waiting.WaitAsync(Patience.Limit);
        }
        await server.Probe.Cancelled.WaitAsync(Patience.Limit);
    }

    private static Task<GrpcStatusException> Fails(Task call) =>
        Assert.ThrowsAsync<GrpcStatusException>(() => call.WaitAsync(Patience.Limit));
}
