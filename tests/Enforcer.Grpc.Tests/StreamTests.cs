using System.Buffers;
using Enforcer.Grpc.Tests.Protos;
using Enforcer.Grpc.Tests.Support;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Enforcer.Grpc.Tests;

/// <summary>Streams: raw frames, coalescing, many writers, and what a slow end does to the other.</summary>
public sealed class StreamTests
{
    [Fact]
    public async Task Frames_can_be_read_and_written_in_place()
    {
        await using var server = await ProbeServer.StartAsync(services: [RawEcho.Bind()]);
        using var channel = server.Connect();
        using var call = channel.Duplex(RawEcho.Method);
        for (var i = 0; i < 500; i++)
        {
            call.Writer.WriteFrame(20, i, static (payload, number) => WriteText(payload, $"frame {number}"));
        }
        await call.Writer.FlushAsync();
        await call.CompleteAsync();
        var texts = new List<string>();
        while (await call.Reader.WaitToReadAsync())
        {
            while (call.Reader.TryReadFrame(out var payload))
                texts.Add(TextOf(payload));
        }
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"frame {i}"), texts);
        Assert.Equal(500, call.Reader.FramesRead);
    }

    [Fact]
    public async Task Many_threads_may_write_at_once()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Connect();
        using var call = channel.Duplex(ProbeService.Chat);
        var writing = Parallel.ForEachAsync(Enumerable.Range(0, 20_000), async (i, _) => await call.Writer.WriteAsync(new() { Text = $"{i}" }));
        var seen = new HashSet<string>();
        for (var i = 0; i < 20_000; i++)
            seen.Add((await call.Reader.ReadAsync())!.Text);
        await writing;
        Assert.Equal(20_000, seen.Count);
    }

    [Fact]
    public async Task Many_calls_of_all_kinds_share_a_connection()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Connect();
        await Parallel.ForEachAsync(Enumerable.Range(0, 600), new ParallelOptions { MaxDegreeOfParallelism = 200 }, async (i, cancellationToken) =>
        {
            Assert.Equal($"{i}", (await channel.UnaryAsync(ProbeService.Echo, new() { Text = $"{i}" })).Text);
            var got = 0;
            await foreach (var reply in channel.ServerStream(ProbeService.Count, new() { Count = 20 }, cancellationToken: cancellationToken))
                Assert.Equal(got++, reply.Number);
            Assert.Equal(20, got);
            using var chat = channel.Duplex(ProbeService.Chat);
            await chat.Writer.WriteAsync(new() { Text = $"{i}" });
            await chat.CompleteAsync();
            Assert.Equal($"{i}", (await chat.Reader.ReadAsync())!.Text);
            Assert.Null(await chat.Reader.ReadAsync());
        });
    }

    [Fact]
    public async Task Reader_that_rests_stops_the_server()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Connect();
        await using var replies = channel.ServerStream(ProbeService.Count, new() { Count = 10_000, ReplyBytes = 10_000 }).GetAsyncEnumerator();
        Assert.True(await replies.MoveNextAsync());
        var stalledAt = await StallsAsync(() => server.Probe.Sent);
        Assert.InRange(stalledAt, 1, 1000);
        var next = 1;
        while (await replies.MoveNextAsync())
            Assert.Equal(next++, replies.Current.Number);
        Assert.Equal(10_000, next);
    }

    [Fact]
    public async Task Server_that_does_not_read_stops_the_writer()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Connect();
        using var call = channel.Duplex(ProbeService.Chat);
        await call.Writer.WriteAsync(new() { Wait = true });
        var written = 0L;
        var message = new ProbeRequest { Payload = ByteString.CopyFrom(new byte[10_000]) };
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                await call.Writer.WriteAsync(message);
                Interlocked.Increment(ref written);
            }
        });
        Assert.InRange(await StallsAsync(() => Volatile.Read(ref written)), 1, 1000);
        call.Dispose();
        await Assert.ThrowsAsync<GrpcStatusException>(() => writing.WaitAsync(Patience.Limit));
    }

    [Fact]
    public async Task Server_may_end_a_stream_before_the_client_does()
    {
        await using var server = await ProbeServer.StartAsync(services: [RawEcho.BindOnce()], shutdownTimeout: 2 * Patience.Limit);
        using var channel = server.Connect();
        using var call = channel.Duplex(RawEcho.Method);
        await call.Writer.WriteAsync(new() { Text = "only" });
        Assert.Equal("only", (await call.Reader.ReadAsync())!.Text);
        Assert.Null(await call.Reader.ReadAsync());
        var late = await Assert.ThrowsAsync<GrpcStatusException>(async () => await call.Writer.WriteAsync(new()));
        Assert.Equal(GrpcStatus.Unavailable, late.Code);
        await call.CompleteAsync();
        // What the client had not closed by itself keeps no connection open.
        await server.StopAsync().WaitAsync(Patience.Limit);
    }

    [Fact]
    public async Task Nothing_can_be_written_after_the_half_close()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Connect();
        using var call = channel.Duplex(ProbeService.Chat);
        call.Writer.Write(new() { Text = "last" });
        await call.CompleteAsync();
        Assert.Throws<InvalidOperationException>(() => call.Writer.Write(new()));
        Assert.Equal("last", (await call.Reader.ReadAsync())!.Text);
        Assert.Null(await call.Reader.ReadAsync());
        Assert.Null(await call.Reader.ReadAsync());
    }

    [Fact]
    public async Task Failure_in_mid_stream_comes_after_the_messages_before_it()
    {
        await using var server = await ProbeServer.StartAsync();
        using var channel = server.Connect();
        var got = 0;
        var error = await Assert.ThrowsAsync<GrpcStatusException>(async () =>
        {
            await foreach (var _ in channel.ServerStream(ProbeService.Count, new() { Count = 50, Fail = 14, Text = "gone" }))
                got++;
        });
        Assert.Equal((50, GrpcStatus.Unavailable, "gone"), (got, error.Code, error.Message));
    }

    [Fact]
    public async Task Client_that_sends_nothing_is_told_after_the_idle_limit()
    {
        var time = new ManualClock();
        await using var server = await ProbeServer.StartAsync(new() { TimeProvider = time });
        using var channel = server.Connect();
        using var call = channel.Duplex(ProbeService.Chat);
        await call.Writer.WriteAsync(new() { Text = "once" });
        await call.Reader.ReadAsync();
        var end = call.Reader.ReadAsync().AsTask();
        var passed = TimeSpan.Zero;
        while (!end.IsCompleted && passed < TimeSpan.FromDays(1))
        {
            time.Advance(TimeSpan.FromSeconds(5));
            passed += TimeSpan.FromSeconds(5);
            await Task.Delay(1);
        }
        var error = await Assert.ThrowsAsync<GrpcStatusException>(() => end);
        Assert.Equal(GrpcStatus.Unavailable, error.Code);
        Assert.Contains("idle", error.Message, StringComparison.Ordinal);
        Assert.True(passed >= TimeSpan.FromMinutes(15), $"{passed}");
    }

    [Fact]
    public async Task Message_that_never_becomes_whole_ends_the_stream()
    {
        var time = new ManualClock();
        var seen = new Recorder();
        await using var server = await ProbeServer.StartAsync(new() { TimeProvider = time }, [seen]);
        using var peer = await RawHttp2.ConnectAsync(server.Address);
        await peer.CallAsync(1, "/probe.v1.Probe/Chat", RawCall.Frame(0, 100, 1, 2, 3), end: false);
        var end = ReadStatusAsync(peer);
        while (!end.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(1);
        }
        Assert.Contains("did not arrive", await end, StringComparison.Ordinal);
        await seen.EndedAsync();
        Assert.Equal(GrpcStatus.Unavailable, seen.Ends.Single());
    }

    /// <summary>The trailers of the one call on a connection, as they are on the wire.</summary>
    private static async Task<string> ReadStatusAsync(RawHttp2 peer)
    {
        while (await peer.ReadAsync() is { } frame)
        {
            if (frame.Type == RawHttp2.Headers && (frame.Flags & RawHttp2.EndStream) != 0)
                return System.Text.Encoding.ASCII.GetString(frame.Payload);
        }
        return "";
    }

    /// <summary>Waits until a counter stands still.</summary>
    private static async Task<long> StallsAsync(Func<long> counter)
    {
        var last = -1L;
        for (var still = 0; still < 5;)
        {
            await Task.Delay(50);
            var now = counter();
            still = now == last && now > 0 ? still + 1 : 0;
            last = now;
        }
        return last;
    }

    private static int WriteText(Span<byte> payload, string text)
    {
        payload[0] = 0x0A;
        payload[1] = (byte)text.Length;
        System.Text.Encoding.ASCII.GetBytes(text, payload[2..]);
        return text.Length + 2;
    }

    private static string TextOf(ReadOnlySequence<byte> payload) => ProbeReply.Parser.ParseFrom(payload).Text;

    /// <summary>Echoes frames without looking into them; bound to the method of another file, to have a second service.</summary>
    private static class RawEcho
    {
        private static readonly ServiceDescriptor Service = RawReflection.Descriptor.Services[0];

        public static GrpcMethod<ProbeRequest, ProbeReply> Method { get; } = GrpcMethod.Create<ProbeRequest, ProbeReply>(Service, "Echo");

        /// <summary>Echoes one message and ends well, whatever the client still has to say.</summary>
        public static GrpcService BindOnce() => new GrpcService(Service).Duplex<ProbeRequest, ProbeReply>("Echo", async (requests, replies, _) =>
            await replies.WriteAsync(new() { Text = (await requests.ReadAsync())!.Text }));

        public static GrpcService Bind() => new GrpcService(Service).Duplex<ProbeRequest, ProbeReply>("Echo", async (requests, replies, _) =>
        {
            while (await requests.WaitToReadAsync())
            {
                while (requests.TryReadFrame(out var payload))
                {
                    replies.WriteFrame(checked((int)payload.Length), payload, static (target, source) =>
                    {
                        source.CopyTo(target);
                        return (int)source.Length;
                    });
                }
                await replies.FlushAsync();
            }
        });
    }
}
