using Enforcer.Grpc.Tests.Protos;
using Enforcer.Grpc.Tests.Support;
using Google.Rpc;

namespace Enforcer.Grpc.Tests;

/// <summary>What a call of each kind does when all goes well, and how its end is told.</summary>
public sealed class CallTests : IAsyncLifetime
{
    private ProbeServer _server = null!;
    private GrpcChannel _channel = null!;

    public async Task InitializeAsync()
    {
        _server = await ProbeServer.StartAsync();
        _channel = _server.Connect();
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Unary_call_answers()
    {
        var reply = await _channel.UnaryAsync(ProbeService.Echo, new ProbeRequest { Text = "hällo" });
        Assert.Equal("hällo", reply.Text);
    }

    [Fact]
    public async Task Server_stream_gives_every_message_in_order()
    {
        var numbers = new List<int>();
        await foreach (var reply in _channel.ServerStream(ProbeService.Count, new ProbeRequest { Count = 1000 }))
            numbers.Add(reply.Number);
        Assert.Equal(Enumerable.Range(0, 1000), numbers);
    }

    [Fact]
    public async Task Duplex_answers_each_request_and_ends_after_the_half_close()
    {
        using var call = _channel.Duplex(ProbeService.Chat);
        for (var i = 0; i < 10; i++)
        {
            await call.Writer.WriteAsync(new ProbeRequest { Text = $"{i}" });
            Assert.Equal($"{i}", (await call.Reader.ReadAsync())!.Text);
        }
        await call.CompleteAsync();
        Assert.Null(await call.Reader.ReadAsync());
    }

    [Fact]
    public async Task Headers_of_a_stream_arrive_before_its_first_message()
    {
        using var call = _channel.Duplex(ProbeService.Chat);
        var headers = await call.ResponseHeadersAsync().WaitAsync(Patience.Limit);
        Assert.NotNull(headers);
    }

    [Fact]
    public async Task Rich_errors_come_whole()
    {
        var error = await Assert.ThrowsAsync<GrpcStatusException>(async () =>
            await _channel.UnaryAsync(ProbeService.Echo, new ProbeRequest { Text = "50% fällt aus\n", Fail = 8, Rich = true }));
        Assert.Equal(GrpcStatus.ResourceExhausted, error.Code);
        Assert.Equal("50% fällt aus\n", error.Message);
        Assert.Equal("PROBE", error.Detail<ErrorInfo>()!.Reason);
        Assert.Equal("too much", error.Detail<QuotaFailure>()!.Violations[0].Description);
        Assert.Equal(2, error.Detail<RetryInfo>()!.RetryDelay.Seconds);
        Assert.Equal("text", error.Detail<BadRequest>()!.FieldViolations[0].Field);
        Assert.Null(error.Detail<ResourceInfo>());
    }
}
