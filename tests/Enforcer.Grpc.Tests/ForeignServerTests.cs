using Enforcer.Foreign;
using Enforcer.Grpc.Protos.Health;
using Enforcer.Grpc.Tests.Protos;
using Enforcer.Grpc.Tests.Support;
using Google.Protobuf;
using Google.Rpc;
using ServingStatus = Enforcer.Grpc.Protos.Health.HealthCheckResponse.Types.ServingStatus;

namespace Enforcer.Grpc.Tests;

/// <summary>This client against a server of another maker.</summary>
[Trait("needs", "foreign")]
public abstract class ForeignServerTests(string language) : IAsyncLifetime
{
    private ForeignPeer? _peer;
    private GrpcChannel _channel = null!;

    public async Task InitializeAsync()
    {
        (_peer, var port) = await ForeignPeer.ServeAsync(language, "probe_server", ForeignClientTests.Schema);
        _channel = new GrpcChannel(new Uri($"http://127.0.0.1:{port}"));
    }

    public async Task DisposeAsync()
    {
        _channel?.Dispose();
        if (_peer is not null)
            await _peer.DisposeAsync();
    }

    [Fact]
    public async Task Unary_call_answers() =>
        Assert.Equal("grüße", (await _channel.UnaryAsync(ProbeService.Echo, new() { Text = "grüße" })).Text);

    [Fact]
    public async Task Many_unary_calls_at_once() => await Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        Assert.Equal($"{i}", (await _channel.UnaryAsync(ProbeService.Echo, new() { Text = $"{i}" })).Text)));

    [Fact]
    public async Task Server_stream_comes_in_order()
    {
        var numbers = new List<int>();
        await foreach (var reply in _channel.ServerStream(ProbeService.Count, new() { Count = 1000, ReplyBytes = 1000 }))
            numbers.Add(reply.Number);
        Assert.Equal(Enumerable.Range(0, 1000), numbers);
    }

    [Fact]
    public async Task Duplex_answers_each_request_and_ends_after_the_half_close()
    {
        using var call = _channel.Duplex(ProbeService.Chat);
        await call.ResponseHeadersAsync().WaitAsync(Patience.Limit);
        for (var i = 0; i < 200; i++)
            await call.Writer.WriteAsync(new() { Text = $"{i}", Payload = ByteString.CopyFrom(new byte[5000]) });
        await call.CompleteAsync();
        for (var i = 0; i < 200; i++)
            Assert.Equal($"{i}", (await call.Reader.ReadAsync())!.Text);
        Assert.Null(await call.Reader.ReadAsync());
    }

    [Fact]
    public async Task Deadline_ends_the_call()
    {
        var options = new GrpcCallOptions { Timeout = TimeSpan.FromSeconds(0.3) };
        await FailsAsync(GrpcStatus.DeadlineExceeded, () => _channel.UnaryAsync(ProbeService.Echo, new() { Wait = true }, options).AsTask());
    }

    [Fact]
    public async Task Cancelling_reaches_the_server()
    {
        using var cancel = new CancellationTokenSource();
        var waiting = _channel.ServerStream(ProbeService.Count, new() { Count = 1, Wait = true }, cancellationToken: cancel.Token).GetAsyncEnumerator();
        Assert.True(await waiting.MoveNextAsync());
        var next = waiting.MoveNextAsync().AsTask();
        await cancel.CancelAsync();
        await FailsAsync(GrpcStatus.Cancelled, () => next);
        await SeesCancellationAsync();
    }

    [Fact]
    public async Task Disposing_a_duplex_call_reaches_the_server()
    {
        using (var call = _channel.Duplex(ProbeService.Chat))
        {
            await call.Writer.WriteAsync(new() { Text = "x" });
            Assert.Equal("x", (await call.Reader.ReadAsync())!.Text);
            await call.Writer.WriteAsync(new() { Wait = true });
            await call.Writer.FlushAsync();
        }
        await SeesCancellationAsync();
    }

    [Fact]
    public async Task Oversize_request_costs_its_call_alone()
    {
        await FailsAsync(GrpcStatus.ResourceExhausted, () =>
            _channel.UnaryAsync(ProbeService.Echo, new() { Payload = ByteString.CopyFrom(new byte[100_000]) }).AsTask());
        Assert.Equal("alive", (await _channel.UnaryAsync(ProbeService.Echo, new() { Text = "alive" })).Text);
    }

    [Fact]
    public async Task Oversize_reply_costs_its_call_alone()
    {
        await FailsAsync(GrpcStatus.ResourceExhausted, () => _channel.UnaryAsync(ProbeService.Echo, new() { ReplyBytes = 5_000_000 }).AsTask());
        Assert.Equal("alive", (await _channel.UnaryAsync(ProbeService.Echo, new() { Text = "alive" })).Text);
    }

    [Fact]
    public async Task Metadata_comes_back_in_trailers()
    {
        var headers = new GrpcMetadata { { "x-echo", "a text, with a comma" }, { "x-echo-bin", [0, 1, 254, 255] } };
        var answer = await _channel.UnaryWithMetadataAsync(ProbeService.Echo, new(), new() { Headers = headers });
        Assert.Equal("a text, with a comma", answer.Trailers.Get("x-echo"));
        Assert.Equal([0, 1, 254, 255], answer.Trailers.GetBytes("x-echo-bin")!);
    }

    [Fact]
    public async Task Rich_status_comes_whole()
    {
        var error = await FailsAsync(GrpcStatus.FailedPrecondition, () =>
            _channel.UnaryAsync(ProbeService.Echo, new() { Fail = 9, Rich = true, Text = "50% fällt\n aus" }).AsTask());
        Assert.Equal("50% fällt\n aus", error.Message);
        Assert.Equal("PROBE", error.Detail<ErrorInfo>()!.Reason);
    }

    [Fact]
    public async Task Failure_comes_after_the_messages_before_it()
    {
        var got = 0;
        await FailsAsync(GrpcStatus.Unavailable, async () =>
        {
            await foreach (var _ in _channel.ServerStream(ProbeService.Count, new() { Count = 5, Fail = 14 }))
                got++;
        });
        Assert.Equal(5, got);
    }

    [Fact]
    public async Task Unknown_method_is_unimplemented()
    {
        var method = GrpcMethod.Create<ProbeRequest, ProbeReply>(RawReflection.Descriptor.Services[0], "Echo");
        using var call = _channel.Duplex(method);
        await FailsAsync(GrpcStatus.Unimplemented, () => call.Reader.ReadAsync().AsTask());
    }

    [Fact]
    public async Task Health_is_told()
    {
        var check = GrpcMethod.Create<HealthCheckRequest, HealthCheckResponse>(HealthReflection.Descriptor.Services[0], "Check");
        Assert.Equal(ServingStatus.Serving, (await _channel.UnaryAsync(check, new())).Status);
    }

    private async Task SeesCancellationAsync()
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while ((await _channel.UnaryAsync(ProbeService.Echo, new() { Text = "cancelled?" })).Number == 0)
            await Task.Delay(20, patience.Token);
    }

    private static async Task<GrpcStatusException> FailsAsync(GrpcStatus code, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<GrpcStatusException>(() => call().WaitAsync(Patience.Limit));
        Assert.Equal(code, error.Code);
        return error;
    }
}
