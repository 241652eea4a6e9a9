using Enforcer.Grpc.Tests.Protos;
using Enforcer.Grpc.Tests.Support;

namespace Enforcer.Grpc.Tests;

/// <summary>A service in code that does not fit its descriptor is refused when it is built, not when it is called.</summary>
public sealed class BindingTests
{
    private static readonly GrpcService Empty = new(ProbeService.Descriptor);

    [Fact]
    public void Unknown_method_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Empty.Unary<ProbeRequest, ProbeReply>("Ecco", (_, _) => new(new ProbeReply())));
        Assert.Contains("Echo", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_message_types_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Empty.Unary<ProbeReply, ProbeReply>("Echo", (r, _) => new(r)));
        Assert.Throws<ArgumentException>(() => Empty.Unary<ProbeRequest, ProbeRequest>("Echo", (r, _) => new(r)));
        Assert.Throws<ArgumentException>(() => GrpcMethod.Create<ProbeReply, ProbeReply>(ProbeService.Descriptor, "Echo"));
    }

    [Fact]
    public void Wrong_kind_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Empty.Unary<ProbeRequest, ProbeReply>("Chat", (_, _) => new(new ProbeReply())));
        Assert.Throws<ArgumentException>(() => Empty.Duplex<ProbeRequest, ProbeReply>("Echo", (_, _, _) => Task.CompletedTask));
        Assert.Throws<ArgumentException>(() => Empty.ServerStream<ProbeRequest, ProbeReply>("Echo", (_, _, _) => Task.CompletedTask));
    }

    [Fact]
    public async Task Client_refuses_the_wrong_kind_too()
    {
        using var channel = new GrpcChannel(new Uri("http://127.0.0.1:1"));
        await Assert.ThrowsAsync<ArgumentException>(() => channel.UnaryAsync(ProbeService.Chat, new()).AsTask());
        Assert.Throws<ArgumentException>(() => channel.Duplex(ProbeService.Echo));
    }

    [Fact]
    public void Client_streaming_is_not_offered() => Assert.Throws<ArgumentException>(() =>
        GrpcMethod.Create<ProbeRequest, ProbeReply>(RawReflection.Descriptor.Services[1], "Collect"));

    [Fact]
    public void Method_without_a_handler_is_refused()
    {
        var service = new GrpcService(ProbeService.Descriptor).Unary<ProbeRequest, ProbeReply>("Echo", (_, _) => new(new ProbeReply()));
        var error = Assert.Throws<InvalidOperationException>(() => new GrpcServer([service]));
        Assert.Contains("Count, Chat", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Second_handler_of_a_method_is_refused()
    {
        var service = new GrpcService(ProbeService.Descriptor).Unary<ProbeRequest, ProbeReply>("Echo", (_, _) => new(new ProbeReply()));
        Assert.Throws<ArgumentException>(() => service.Unary<ProbeRequest, ProbeReply>("Echo", (_, _) => new(new ProbeReply())));
    }

    [Theory]
    [InlineData("ftp://127.0.0.1:1")]
    [InlineData("http://127.0.0.1:1/path")]
    [InlineData("/relative")]
    public void Address_is_scheme_host_and_port(string address) =>
        Assert.Throws<ArgumentException>(() => new GrpcChannel(new Uri(address, UriKind.RelativeOrAbsolute)));
}
