using Enforcer.Cluster;

namespace Enforcer.Orleans.Tests;

/// <summary>Calls of a silo's port as a connection: whoever receives is told when it is over.</summary>
public sealed class SiloConnectionTests
{
    [Fact]
    public async Task Answers_come_as_frames_and_the_end_as_an_end()
    {
        await using var connection = new SiloConnection(new Port(requests => ValueTask.FromResult(requests)));
        await connection.SendAsync(new byte[] { 1, 2 });
        Assert.Equal([1, 2], (await connection.ReceiveAsync())!.Value.ToArray());

        var next = connection.ReceiveAsync();
        await connection.DisposeAsync();
        // Not an empty frame: whoever receives would ask for the next one for ever.
        Assert.Null(await next);
        Assert.Null(await connection.ReceiveAsync());
    }

    [Fact]
    public async Task A_call_that_fails_breaks_it()
    {
        await using var connection = new SiloConnection(new Port(_ => throw new TimeoutException("no answer")));
        await connection.SendAsync(new byte[] { 1 });
        Assert.Equal("no answer", (await Assert.ThrowsAsync<PeerLostException>(() => connection.ReceiveAsync().AsTask())).Message);
    }

    private sealed class Port(Func<byte[], ValueTask<byte[]>> exchange) : ISiloPort
    {
        public ValueTask<byte[]> ExchangeAsync(byte[] requests) => exchange(requests);
    }
}
