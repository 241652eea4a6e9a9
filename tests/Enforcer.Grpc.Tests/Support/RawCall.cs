using System.Net;
using System.Net.Http.Headers;

namespace Enforcer.Grpc.Tests.Support;

/// <summary>Sends bytes of the test's own making as the body of a call, and shows what HTTP gave back.</summary>
public static class RawCall
{
    public const string Echo = "/probe.v1.Probe/Echo";

    public static async Task<RawAnswer> SendAsync(
        Uri server,
        string path,
        byte[] body,
        string contentType = "application/grpc",
        IReadOnlyDictionary<string, string>? headers = null,
        HttpMethod? method = null,
        Version? version = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, new Uri(server, path))
        {
            Version = version ?? HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } },
        };
        foreach (var (key, value) in headers ?? new Dictionary<string, string>())
            request.Headers.TryAddWithoutValidation(key, value);
        using var response = await client.SendAsync(request).WaitAsync(Patience.Limit);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return new(
            response.StatusCode,
            Value(response.TrailingHeaders, "grpc-status") ?? Value(response.Headers, "grpc-status"),
            Value(response.TrailingHeaders, "grpc-message") ?? Value(response.Headers, "grpc-message"),
            Value(response.Headers, "grpc-accept-encoding"),
            bytes);
    }

    public static byte[] Frame(byte flag, uint length, params byte[] payload) =>
        [flag, (byte)(length >> 24), (byte)(length >> 16 & 0xFF), (byte)(length >> 8 & 0xFF), (byte)(length & 0xFF), .. payload];

    private static string? Value(HttpHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.Single() : null;
}
