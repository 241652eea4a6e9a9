using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Google.Protobuf;

namespace Enforcer.Server.Tests.Support;

/// <summary>Sends bytes of the test's own making to the edge's methods, over one connection, and counts how often it had to connect.</summary>
internal sealed class RawEdge : IDisposable
{
    private readonly HttpClient _http;
    private int _connections;

    public RawEdge(TestServer server)
    {
        var handler = new SocketsHttpHandler { ConnectCallback = ConnectAsync };
        _http = new HttpClient(handler)
        {
            BaseAddress = server.Server.Grpc,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Patience.Limit,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.EdgeToken);
    }

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The status that a call with this body ends with.</summary>
    public async Task<(string? Status, string Message)> SendAsync(string method, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/enforcer.v1.Edge/" + method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        using var response = await _http.SendAsync(request);
        _ = await response.Content.ReadAsByteArrayAsync();
        return (Value(response, "grpc-status"), Uri.UnescapeDataString(Value(response, "grpc-message") ?? ""));
    }

    public static byte[] Frame(params byte[] payload) => FrameOf(payload.Length, payload);

    public static byte[] Frame(IMessage message) => Frame(message.ToByteArray());

    /// <summary>A frame that says this length, true or not.</summary>
    public static byte[] FrameOf(int length, byte[] payload) =>
        [0, (byte)(length >> 24 & 0xFF), (byte)(length >> 16 & 0xFF), (byte)(length >> 8 & 0xFF), (byte)(length & 0xFF), .. payload];

    public void Dispose() => _http.Dispose();

    private static string? Value(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var trailers) || response.Headers.TryGetValues(name, out trailers) ? trailers.Single() : null;

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        Interlocked.Increment(ref _connections);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(context.DnsEndPoint, cancel);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
