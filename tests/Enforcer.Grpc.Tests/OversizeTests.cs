using Enforcer.Grpc.Tests.Protos;
using Enforcer.Grpc.Tests.Support;
using Google.Protobuf;

namespace Enforcer.Grpc.Tests;

/// <summary>A message over the bound costs its own call, never the connection.</summary>
public sealed class OversizeTests
{
    [Fact]
    public async Task Unary_request_over_the_bound_leaves_the_connection_alive()
    {
        var seen = new Recorder();
        await using var server = await ProbeServer.StartAsync(interceptors: [seen]);
        using var channel = server.Connect();
        foreach (var bytes in new[] { 64 * 1024, 1024 * 1024, 8 * 1024 * 1024 })
        {
            var call = channel.UnaryAsync(ProbeService.Echo, Payload(bytes));
            Assert.Equal(GrpcStatus.ResourceExhausted, (await Fails(call.AsTask())).Code);
            await channel.UnaryAsync(ProbeService.Echo, new());
        }
        Assert.Equal(6, seen.Calls.Count);
        Assert.Single(seen.Calls.Select(c => c.Connection).Distinct());
    }

    [Fact]
    public async Task Largest_request_within_the_bound_passes()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Connect();
        var request = Payload(64 * 1024 - 10);
        request = Payload(request.Payload.Length - (request.CalculateSize() - 64 * 1024));
        Assert.Equal(64 * 1024, request.CalculateSize());
        Assert.Equal(request.Payload.Length, (await channel.UnaryAsync(ProbeService.Echo, request)).Payload.Length);
    }

    [Fact]
    public async Task Stream_message_over_the_bound_ends_that_stream_alone()
    {
        await using var server = await ProbeServer.StartAsync(new() { MaxStreamReceiveBytes = 100_000 });
        using var channel = server.Connect();
        using var good = channel.Duplex(ProbeService.Chat);
        using var bad = channel.Duplex(ProbeService.Chat);
        await good.Writer.WriteAsync(new() { Text = "1" });
        Assert.Equal("1", (await good.Reader.ReadAsync())!.Text);
        await bad.Writer.WriteAsync(Payload(200_000));
        Assert.Equal(GrpcStatus.ResourceExhausted, (await Fails(bad.Reader.ReadAsync().AsTask())).Code);
        await good.Writer.WriteAsync(new() { Text = "2" });
        Assert.Equal("2", (await good.Reader.ReadAsync())!.Text);
    }

    [Fact]
    public async Task Messages_up_to_four_mebibytes_pass_through_a_stream()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Connect(new() { MaxReceiveBytes = 5 * 1024 * 1024 });
        using var call = channel.Duplex(ProbeService.Chat);
        for (var i = 0; i < 3; i++)
        {
            await call.Writer.WriteAsync(Payload(4 * 1024 * 1024 - 100));
            Assert.Equal(4 * 1024 * 1024 - 100, (await call.Reader.ReadAsync())!.Payload.Length);
        }
    }

    [Fact]
    public async Task Response_over_the_clients_bound_fails_the_call_alone()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Connect(new() { MaxReceiveBytes = 1000 });
        var unary = channel.UnaryAsync(ProbeService.Echo, new ProbeRequest { ReplyBytes = 1_000_000 });
        Assert.Equal(GrpcStatus.ResourceExhausted, (await Fails(unary.AsTask())).Code);
        using var stream = channel.Duplex(ProbeService.Chat);
        await stream.Writer.WriteAsync(new ProbeRequest { ReplyBytes = 1_000_000 });
        Assert.Equal(GrpcStatus.ResourceExhausted, (await Fails(stream.Reader.ReadAsync().AsTask())).Code);
        Assert.Equal("ok", (await channel.UnaryAsync(ProbeService.Echo, new() { Text = "ok" })).Text);
    }

    private static ProbeRequest Payload(int bytes) => new() { Payload = ByteString.CopyFrom(new byte[bytes]) };

    private static Task<GrpcStatusException> Fails(Task call) =>
        Assert.ThrowsAsync<GrpcStatusException>(() => call.WaitAsync(Patience.Limit));
}
