using Enforcer.Grpc.Tests.Protos;
using Enforcer.Grpc.Tests.Support;

namespace Enforcer.Grpc.Tests;

/// <summary>Peers that mean harm: each floods a connection of its own while a good client works on another, and the good one is served.</summary>
public sealed class FloodTests
{
    private const int FloodFrames = 50_000;

    [Fact]
    public Task Pings() => FloodAsync(async peer => await RepeatAsync(peer, RawHttp2.Frame(RawHttp2.Ping, 0, 0, new byte[8])));

    [Fact]
    public Task Settings() => FloodAsync(async peer => await RepeatAsync(peer, RawHttp2.Frame(RawHttp2.Settings, 0, 0, [])));

    [Fact]
    public Task Window_updates() => FloodAsync(async peer => await RepeatAsync(peer, RawHttp2.Frame(RawHttp2.WindowUpdate, 0, 0, [0, 0, 0, 1])));

    [Fact]
    public async Task Rapid_resets_keep_no_more_handlers_busy_than_the_bound_allows()
    {
        var options = new GrpcServerOptions();
        var busy = new BusyCounter("/probe.v1.Probe/Chat");
        await FloodAsync(async peer =>
        {
            var headers = RawHttp2.CallHeaders("/probe.v1.Probe/Chat");
            for (var stream = 1; stream < 2 * FloodFrames; stream += 2)
            {
                await peer.SendAsync([
                    .. RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders, stream, headers),
                    .. RawHttp2.Frame(RawHttp2.Reset, 0, stream, [0, 0, 0, 8])]);
            }
        }, options, busy);
        // Handlers of streams that were reset still count for the server, up to once more of what may be open; a peer that gets
        // ahead of them is hung up on.
        Assert.InRange(busy.Most, 1, 2 * options.MaxStreamsPerConnection);
    }

    [Fact]
    public async Task More_streams_than_allowed_never_reach_a_handler()
    {
        var seen = new Recorder();
        await using var server = await ProbeServer.StartAsync(new() { MaxStreamsPerConnection = 10 }, [seen]);
        using var peer = await RawHttp2.ConnectAsync(server.Address);
        var headers = RawHttp2.CallHeaders("/probe.v1.Probe/Chat");
        var reading = peer.ReadToGoAwayAsync();
        await SendUntilHungUpAsync(peer, async flooding =>
        {
            for (var stream = 1; stream < 10_000; stream += 2)
                await flooding.SendAsync(RawHttp2.Headers, RawHttp2.EndHeaders, stream, headers);
        });
        using var channel = server.Connect();
        await WorkAsync(channel, 100);
        peer.Dispose();
        await reading;
        Assert.InRange(seen.Calls.Count(c => c.Path == "/probe.v1.Probe/Chat"), 1, 10);
    }

    [Fact]
    public async Task Headers_over_the_bound_are_hung_up_on()
    {
        var hungUp = await FloodAsync(async peer =>
        {
            await peer.SendAsync(RawHttp2.Headers, 0, 1, RawHttp2.CallHeaders(RawCall.Echo));
            var block = new byte[16_000];
            for (var i = 0; i < FloodFrames / 10; i++)
                await peer.SendAsync(RawHttp2.Continuation, 0, 1, block);
        });
        Assert.True(hungUp);
    }

    [Fact]
    public async Task Frames_that_are_noise_are_hung_up_on()
    {
        var random = new Random(7);
        for (var round = 0; round < 20; round++)
        {
            var hungUp = await FloodAsync(async peer =>
            {
                var noise = new byte[4096];
                random.NextBytes(noise);
                for (var i = 0; i < FloodFrames; i++)
                    await peer.SendAsync(noise);
            });
            Assert.True(hungUp);
        }
    }

    [Fact]
    public async Task Peers_that_stall_in_mid_frame_cost_others_nothing()
    {
        await using var server = await ProbeServer.StartAsync();
        var stalled = new List<RawHttp2>();
        for (var i = 0; i < 200; i++)
        {
            var peer = await RawHttp2.ConnectAsync(server.Address);
            await peer.CallAsync(1, "/probe.v1.Probe/Chat", RawCall.Frame(0, 4_000_000, 1, 2, 3), end: false);
            stalled.Add(peer);
        }
        using var channel = server.Connect();
        await WorkAsync(channel, 500);
        stalled.ForEach(p => p.Dispose());
    }

    [Fact]
    public async Task Connections_over_the_bound_are_closed()
    {
        await using var server = await ProbeServer.StartAsync(new() { MaxConnections = 2 });
        using var channel = server.Connect();
        await WorkAsync(channel, 1);
        using var second = await RawHttp2.ConnectAsync(server.Address);
        Assert.NotNull(await second.ReadAsync());
        Assert.True(await IsTurnedAwayAsync(server.Address));
        await WorkAsync(channel, 10);
    }

    /// <summary>Floods, while a good client works, until the flood is over (false) or hung up on (true).</summary>
    private static async Task<bool> FloodAsync(Func<RawHttp2, Task> flood, GrpcServerOptions? options = null, params GrpcInterceptor[] interceptors)
    {
        await using var server = await ProbeServer.StartAsync(options, interceptors);
        using var channel = server.Connect();
        await WorkAsync(channel, 1);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var peer = await RawHttp2.ConnectAsync(server.Address);
        var reading = peer.ReadToGoAwayAsync();
        var flooding = SendUntilHungUpAsync(peer, flood);
        await WorkAsync(channel, 300);
        var hungUp = await flooding;
        await WorkAsync(channel, 10);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 64L * 1024 * 1024);
        peer.Dispose();
        await reading;
        return hungUp;
    }

    private static async Task<bool> SendUntilHungUpAsync(RawHttp2 peer, Func<RawHttp2, Task> flood)
    {
        try
        {
            await flood(peer).WaitAsync(Patience.Limit);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static async Task<bool> IsTurnedAwayAsync(Uri server)
    {
        try
        {
            using var peer = await RawHttp2.ConnectAsync(server);
            return await peer.ReadAsync() is null;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static async Task RepeatAsync(RawHttp2 peer, byte[] frame)
    {
        for (var i = 0; i < FloodFrames; i++)
            await peer.SendAsync(frame);
    }

    private static async Task WorkAsync(GrpcChannel channel, int calls)
    {
        for (var i = 0; i < calls; i++)
            Assert.Equal("good", (await channel.UnaryAsync(ProbeService.Echo, new() { Text = "good" }).AsTask().WaitAsync(Patience.Limit)).Text);
    }
}
