using System.Net;
using Enforcer.Grpc.Tests.Protos;
using Enforcer.Grpc.Tests.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Enforcer.Grpc.Tests;

/// <summary>Bytes that no gRPC client would send: each gets its status, and the server goes on.</summary>
public sealed class BadInputTests : IAsyncLifetime
{
    private ProbeServer _server = null!;

    public async Task InitializeAsync() => _server = await ProbeServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public static TheoryData<string, byte[], GrpcStatus> Bodies => new()
    {
        { "no message", [], GrpcStatus.Unimplemented },
        { "a cut header", [0, 0, 0], GrpcStatus.InvalidArgument },
        { "a cut payload", RawCall.Frame(0, 10, 1, 2, 3), GrpcStatus.InvalidArgument },
        { "a length over the bound", RawCall.Frame(0, 64 * 1024 + 1), GrpcStatus.ResourceExhausted },
        { "the longest length there is", RawCall.Frame(0, uint.MaxValue), GrpcStatus.ResourceExhausted },
        { "a compressed message", RawCall.Frame(1, 1, 0), GrpcStatus.Unimplemented },
        { "an unknown flag", RawCall.Frame(7, 1, 0), GrpcStatus.Internal },
        { "malformed protobuf", RawCall.Frame(0, 3, 0xFF, 0xFF, 0xFF), GrpcStatus.InvalidArgument },
        { "two messages", [.. RawCall.Frame(0, 0), .. RawCall.Frame(0, 0)], GrpcStatus.Unimplemented },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Body_gets_its_status(string what, byte[] body, GrpcStatus expected)
    {
        var answer = await RawCall.SendAsync(_server.Address, RawCall.Echo, body);
        Assert.True(answer.Http == HttpStatusCode.OK, what);
        Assert.Equal($"{(int)expected}", answer.Status);
        Assert.NotEqual("", answer.Message);
    }

    [Fact]
    public async Task Compressed_message_is_told_which_encodings_there_are()
    {
        var answer = await RawCall.SendAsync(_server.Address, RawCall.Echo, RawCall.Frame(1, 1, 0));
        Assert.Equal("identity", answer.AcceptEncoding);
    }

    [Theory]
    [InlineData("/probe.v1.Probe/Nothing")]
    [InlineData("/other.Service/Echo")]
    [InlineData("/")]
    public async Task Unknown_method_is_unimplemented(string path)
    {
        var answer = await RawCall.SendAsync(_server.Address, path, RawCall.Frame(0, 0));
        Assert.Equal(HttpStatusCode.OK, answer.Http);
        Assert.Equal("12", answer.Status);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/grpc+json")]
    [InlineData("application/grpcx")]
    [InlineData("text/plain")]
    public async Task Other_content_type_is_415(string contentType)
    {
        var answer = await RawCall.SendAsync(_server.Address, RawCall.Echo, RawCall.Frame(0, 0), contentType);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.Http);
    }

    [Theory]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc; charset=utf-8")]
    public async Task Protobuf_content_types_are_taken(string contentType)
    {
        var answer = await RawCall.SendAsync(_server.Address, RawCall.Echo, RawCall.Frame(0, 0), contentType);
        Assert.Equal("0", answer.Status);
    }

    [Fact]
    public async Task Other_http_method_is_405()
    {
        var answer = await RawCall.SendAsync(_server.Address, RawCall.Echo, RawCall.Frame(0, 0), method: HttpMethod.Put);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Http);
    }

    [Fact]
    public async Task Http_1_is_426()
    {
        await using var old = await ProbeServer.StartAsync(protocols: HttpProtocols.Http1);
        var answer = await RawCall.SendAsync(old.Address, RawCall.Echo, RawCall.Frame(0, 0), version: HttpVersion.Version11);
        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.Http);
    }

    [Fact]
    public async Task What_is_not_grpc_is_left_to_others()
    {
        var answer = await RawCall.SendAsync(_server.Address, "/elsewhere", [], "text/plain");
        Assert.Equal(HttpStatusCode.NotFound, answer.Http);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("123456789S")]
    [InlineData("-1S")]
    [InlineData("1s")]
    public async Task Malformed_timeout_is_refused(string timeout)
    {
        var answer = await RawCall.SendAsync(_server.Address, RawCall.Echo, RawCall.Frame(0, 0),
            headers: new Dictionary<string, string> { ["grpc-timeout"] = timeout });
        Assert.Equal("3", answer.Status);
    }

    [Fact]
    public async Task Ten_thousand_random_bodies_do_no_harm()
    {
        using var channel = _server.Connect();
        var random = new Random(20_260_101);
        using var client = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        string[] paths = ["Echo", "Count", "Chat"];
        await Parallel.ForEachAsync(Enumerable.Range(0, 10_000).Select(_ => RandomBody(random)).ToList(), async (body, cancellationToken) =>
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/grpc") } };
            var path = "/probe.v1.Probe/" + paths[body.Length % paths.Length];
            using var response = await client.PostAsync(new Uri(_server.Address, path), content, cancellationToken);
            await response.Content.ReadAsByteArrayAsync(cancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.True(response.TrailingHeaders.Contains("grpc-status") || response.Headers.Contains("grpc-status"));
        });
        Assert.Equal("still here", (await channel.UnaryAsync(ProbeService.Echo, new ProbeRequest { Text = "still here" })).Text);
    }

    /// <summary>Half noise; half well-framed messages with a few bits turned. None asks the handler to wait.</summary>
    private static byte[] RandomBody(Random random)
    {
        var payload = new byte[random.Next(0, 60)];
        random.NextBytes(payload);
        if (random.Next(2) == 0)
            return Harmless(payload);
        var body = RawCall.Frame(0, (uint)payload.Length, payload);
        body[random.Next(body.Length)] ^= (byte)(1 << random.Next(8));
        return Harmless(body);
    }

    /// <summary>Takes out tags that could mean "wait" or a huge reply or count.</summary>
    private static byte[] Harmless(byte[] body)
    {
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] is 0x38 or 0x18 or 0x20)
                body[i] = 0x40;
        }
        return body;
    }
}
