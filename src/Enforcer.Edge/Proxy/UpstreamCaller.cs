using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Enforcer.Edge.Options;
using Enforcer.Edge.Protocols;

namespace Enforcer.Edge.Proxy;

/// <summary>
/// Calls upstreams. Only headers that mean something to a provider go there, none that names the customer or his key; what comes back is not
/// compressed, so that it can be read as it passes.
/// </summary>
internal sealed class UpstreamCaller : IDisposable
{
    private static readonly string[] Passed =
        ["Accept", "User-Agent", "anthropic-version", "anthropic-beta", "OpenAI-Beta"];

    private readonly HttpMessageInvoker _http;
    private readonly Dictionary<UpstreamSettings, string> _secrets;

    public UpstreamCaller(EdgeOptions options)
    {
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            EnableMultipleHttp2Connections = true,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            ConnectTimeout = TimeSpan.FromMilliseconds(options.UpstreamConnectMs),
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        });
        _secrets = options.Upstreams.ToDictionary(upstream => upstream, SecretOf);
    }

    /// <summary>What goes to the upstream.</summary>
    public HttpRequestMessage MessageFor(HttpRequest from, UpstreamSettings upstream, Dialect dialect, byte[] body)
    {
        var address = new Uri(upstream.Url.TrimEnd('/') + from.Path + from.QueryString);
        var message = new HttpRequestMessage(HttpMethod.Parse(from.Method), address)
        {
            Version = address.Scheme == Uri.UriSchemeHttps ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (body.Length > 0)
        {
            message.Content = new ByteArrayContent(body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }
        foreach (var name in Passed)
        {
            if (from.Headers.TryGetValue(name, out var values))
                message.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values!);
        }
        if (_secrets[upstream] is { Length: > 0 } secret)
            dialect.SignIn(message.Headers, secret);
        return message;
    }

    /// <summary>Sends a call; completes with the head of the answer. The request's body is let go of: answers may take long, and prompts are large.</summary>
    /// <exception cref="HttpRequestException">It could not be sent, or broke off.</exception>
    /// <exception cref="OperationCanceledException">The upstream was silent for too long.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken over)
    {
        try
        {
            var answer = await _http.SendAsync(message, over).ConfigureAwait(false);
            message.Content = null;
            return answer;
        }
        catch (SocketException reset)
        {
            // The transport asks a new socket for its peer before it sends, and wraps nothing: the connection was reset as it came up.
            throw new HttpRequestException(HttpRequestError.ConnectionError, "The connection was reset as it came up.", reset);
        }
    }

    public void Dispose() => _http.Dispose();

    private static string SecretOf(UpstreamSettings upstream) =>
        upstream.SecretVariable.Length > 0 ? Environment.GetEnvironmentVariable(upstream.SecretVariable) ?? "" : upstream.Secret;
}
