using System.Collections.Concurrent;
using System.Net;

namespace Enforcer.Grpc;

/// <summary>Makes HTTP requests for calls of one channel; addresses of methods are made once.</summary>
internal sealed class GrpcRequests(Uri address, GrpcChannelOptions options)
{
    private readonly ConcurrentDictionary<string, Uri> _addresses = new(StringComparer.Ordinal);

    public HttpRequestMessage Create(string path, in GrpcCallOptions call, HttpContent content)
    {
        var uri = _addresses.TryGetValue(path, out var known) ? known : _addresses.GetOrAdd(path, new Uri(address, path));
        var request = new HttpRequestMessage(HttpMethod.Post, uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        var headers = request.Headers;
        headers.TryAddWithoutValidation("te", "trailers");
        if (call.Timeout is { } timeout)
            headers.TryAddWithoutValidation(GrpcNames.Timeout, GrpcTimeout.Format(timeout));
        Append(headers, options.Headers);
        Append(headers, call.Headers);
        return request;
    }

    private static void Append(System.Net.Http.Headers.HttpRequestHeaders headers, GrpcMetadata? metadata)
    {
        if (metadata is null)
            return;
        foreach (var (key, value) in metadata)
            headers.TryAddWithoutValidation(key, value);
    }
}
