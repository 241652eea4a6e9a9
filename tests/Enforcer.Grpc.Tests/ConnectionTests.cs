using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Enforcer.Grpc.Tests.Protos;
using Enforcer.Grpc.Tests.Support;

namespace Enforcer.Grpc.Tests;

/// <summary>Connections that never come up, fall silent, end, or are encrypted.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task Nobody_listening_is_unavailable()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        using var channel = new GrpcChannel(new Uri($"http://127.0.0.1:{port}"));
        Assert.Equal(GrpcStatus.Unavailable, (await Fails(channel.UnaryAsync(ProbeService.Echo, new()).AsTask())).Code);
        using var call = channel.Duplex(ProbeService.Chat);
        Assert.Equal(GrpcStatus.Unavailable, (await Fails(call.Reader.ReadAsync().AsTask())).Code);
        Assert.Equal(GrpcStatus.Unavailable, (await Fails(call.CompleteAsync().AsTask())).Code);
    }

    [Fact]
    public async Task Machine_that_never_answers_is_unavailable_and_nobody_cancelled()
    {
        // Whoever calls while the queue of new connections is full hears nothing.
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        var callers = Enumerable.Range(0, 8).Select(static _ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToList();
        await Task.WhenAny(callers.Select(caller => caller.ConnectAsync(full.LocalEndPoint!)));
        using var channel = new GrpcChannel(new Uri($"http://{full.LocalEndPoint}"), new() { ConnectTimeout = TimeSpan.FromMilliseconds(300) });
        Assert.Equal(GrpcStatus.Unavailable, (await Fails(channel.UnaryAsync(ProbeService.Echo, new()).AsTask())).Code);
        using var call = channel.Duplex(ProbeService.Chat);
        Assert.Equal(GrpcStatus.Unavailable, (await Fails(call.ResponseHeadersAsync())).Code);
        callers.ForEach(static caller => caller.Dispose());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Server_that_hangs_up_at_any_moment_is_unavailable_and_nobody_cancelled(bool hard)
    {
        using var rude = new TcpListener(IPAddress.Loopback, 0);
        rude.Start();
        using var stop = new CancellationTokenSource();
        var hangingUp = HangUpAsync(rude, hard, stop.Token);
        for (var i = 0; i < 200; i++)
        {
            using var channel = new GrpcChannel(new Uri($"http://{rude.LocalEndpoint}"));
            using var call = channel.Duplex(ProbeService.Chat);
            var failed = await Fails(call.ResponseHeadersAsync());
            Assert.True(failed.Code == GrpcStatus.Unavailable, failed.ToString());
        }
        await stop.CancelAsync();
        await hangingUp;
    }

    [Fact]
    public void Socket_that_was_reset_as_it_came_up_is_unavailable() =>
        // What the test above finds on a busy machine only: the transport asks the socket for its peer, which it has no more.
        Assert.Equal(GrpcStatus.Unavailable, TransportFailure.Translate(new SocketException((int)SocketError.NotConnected)).Code);

    [Fact]
    public async Task Server_that_falls_silent_is_given_up()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        var accepted = AcceptAndSaySettingsAsync(mute);
        using var channel = new GrpcChannel(new Uri($"http://127.0.0.1:{((IPEndPoint)mute.LocalEndpoint).Port}"),
            new() { KeepAlivePingDelay = TimeSpan.FromSeconds(1), KeepAlivePingTimeout = TimeSpan.FromSeconds(1) });
        var call = channel.UnaryAsync(ProbeService.Echo, new()).AsTask();
        using var connection = await accepted;
        Assert.Equal(GrpcStatus.Unavailable, (await Fails(call)).Code);
    }

    [Fact]
    public async Task Client_that_falls_silent_is_hung_up_on()
    {
        await using var server = await ProbeServer.StartAsync(new()
        {
            KeepAlivePingDelay = TimeSpan.FromSeconds(1),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(1),
        });
        using var peer = await RawHttp2.ConnectAsync(server.Address);
        await peer.CallAsync(1, RawCall.Echo, RawCall.Frame(0, 2, 0x38, 1));
        await server.Probe.Waiting.WaitAsync(Patience.Limit);
        await peer.ReadToGoAwayAsync();
        await server.Probe.Cancelled.WaitAsync(Patience.Limit);
    }

    [Fact]
    public async Task Stopping_server_answers_what_has_arrived_and_ends_streams()
    {
        // Nothing here may need the host's own patience with connections that stay.
        await using var server = await ProbeServer.StartAsync(shutdownTimeout: 2 * Patience.Limit);
        using var channel = server.Connect();
        using var call = channel.Duplex(ProbeService.Chat);
        await call.Writer.WriteAsync(new() { Text = "before" });
        Assert.Equal("before", (await call.Reader.ReadAsync())!.Text);
        var end = call.Reader.ReadAsync().AsTask();
        await server.StopAsync().WaitAsync(Patience.Limit);
        var ended = await Fails(end);
        Assert.True(ended.Code == GrpcStatus.Unavailable, ended.ToString());
        Assert.Equal(ended.Message, Assert.Throws<GrpcStatusException>(() => call.Writer.Write(new() { Text = "after" })).Message);
        Assert.Equal(GrpcStatus.Unavailable, (await Fails(channel.UnaryAsync(ProbeService.Echo, new()).AsTask())).Code);
    }

    [Fact]
    public async Task Stopping_server_says_goaway()
    {
        await using var server = await ProbeServer.StartAsync();
        using var peer = await RawHttp2.ConnectAsync(server.Address);
        await peer.CallAsync(1, RawCall.Echo, RawCall.Frame(0, 0));
        while (await peer.ReadAsync() is { } frame && !(frame.Stream == 1 && (frame.Flags & RawHttp2.EndStream) != 0))
        {
        }
        var goAway = peer.ReadToGoAwayAsync();
        await server.StopAsync().WaitAsync(Patience.Limit);
        Assert.Equal(0, await goAway);
    }

    [Fact]
    public async Task Calls_work_over_tls()
    {
        using var certificate = SelfSigned();
        await using var server = await ProbeServer.StartAsync(certificate: certificate);
        using var channel = server.Connect(new()
        {
            Tls = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, remote, _, _) => remote?.GetCertHashString() == certificate.GetCertHashString(),
            },
        });
        Assert.Equal("private", (await channel.UnaryAsync(ProbeService.Echo, new() { Text = "private" })).Text);
        using var distrustful = server.Connect();
        Assert.Equal(GrpcStatus.Unavailable, (await Fails(distrustful.UnaryAsync(ProbeService.Echo, new()).AsTask())).Code);
    }

    [Fact]
    public async Task Client_opens_more_connections_when_one_is_full()
    {
        var seen = new Recorder();
        await using var server = await ProbeServer.StartAsync(new() { MaxStreamsPerConnection = 4 }, [seen]);
        using var channel = server.Connect();
        var calls = new List<GrpcDuplexCall<ProbeRequest, ProbeReply>>();
        for (var i = 0; i < 10; i++)
        {
            var call = channel.Duplex(ProbeService.Chat);
            calls.Add(call);
            await call.Writer.WriteAsync(new() { Text = "x" });
            Assert.Equal("x", (await call.Reader.ReadAsync())!.Text);
        }
        Assert.Equal(3, seen.Calls.Select(c => c.Connection).Distinct().Count());
        calls.ForEach(c => c.Dispose());
    }

    private static async Task<TcpClient> AcceptAndSaySettingsAsync(TcpListener listener)
    {
        var connection = await listener.AcceptTcpClientAsync();
        await connection.GetStream().WriteAsync(RawHttp2.Frame(RawHttp2.Settings, 0, 0, []));
        return connection;
    }

    /// <summary>Takes connections and hangs up a little later each time, in good manners or with a reset.</summary>
    private static async Task HangUpAsync(TcpListener listener, bool hard, CancellationToken stop)
    {
        for (var spins = 0; !stop.IsCancellationRequested; spins = (spins + 997) % 200_000)
        {
            try
            {
                using var connection = await listener.AcceptSocketAsync(stop);
                Thread.SpinWait(spins);
                if (hard)
                    connection.Close(0);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static Task<GrpcStatusException> Fails(Task call) =>
        Assert.ThrowsAsync<GrpcStatusException>(() => call.WaitAsync(Patience.Limit));
}
