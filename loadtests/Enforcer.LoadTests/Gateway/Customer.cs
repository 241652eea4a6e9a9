using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Enforcer.LoadTests.Gateway;

/// <summary>A customer with an HTTP client: chat completions against an edge or, to compare, against the upstream itself.</summary>
internal sealed class Customer(Uri address) : IDisposable
{
    public const string Model = "gpt-5.4-mini";
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 1_024 })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(60),
    };

    /// <summary>Makes one call and reads its answer.</summary>
    /// <param name="key">The customer's key.</param>
    /// <param name="stream">Whether to stream.</param>
    /// <param name="maxTokens">The limit on output.</param>
    /// <param name="leaveAfterBytes">Goes away after so many bytes of the answer.</param>
    /// <param name="firstByte">Called when the first byte of the answer is there.</param>
    public async Task<CallEnd> CallAsync(string key, bool stream, int maxTokens, int leaveAfterBytes = int.MaxValue, Action? firstByte = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = BodyOf(stream, maxTokens) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var started = false;
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
                return await RefusalOf(answer).ConfigureAwait(false);
            started = true;
            await using var body = await answer.Content.ReadAsStreamAsync().ConfigureAwait(false);
            return await ReadAsync(body, leaveAfterBytes, firstByte).ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or TaskCanceledException)
        {
            return started ? CallEnd.Broken : CallEnd.Unreachable;
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task<CallEnd> ReadAsync(Stream body, int leaveAfterBytes, Action? firstByte)
    {
        var piece = new byte[4_096];
        var total = 0;
        while (true)
        {
            var length = await body.ReadAsync(piece).ConfigureAwait(false);
            if (length == 0)
                return CallEnd.Whole;
            if (total == 0)
                firstByte?.Invoke();
            total += length;
            if (total >= leaveAfterBytes)
                return CallEnd.Left;
        }
    }

    private static async Task<CallEnd> RefusalOf(HttpResponseMessage answer)
    {
        if (answer.StatusCode != HttpStatusCode.TooManyRequests)
            return answer.StatusCode == HttpStatusCode.BadGateway ? CallEnd.Broken : CallEnd.Unreachable;
        var told = await answer.Content.ReadAsStringAsync().ConfigureAwait(false);
        return told.Contains("insufficient_quota", StringComparison.Ordinal) ? CallEnd.NoMoney : CallEnd.InFlight;
    }

    private static StringContent BodyOf(bool stream, int maxTokens) => new(
        $$"""{"model":"{{Model}}","messages":[{"role":"user","content":"Say something about caps."}],"max_completion_tokens":{{maxTokens}},"stream":{{(stream ? "true" : "false")}}}""",
        Encoding.UTF8, "application/json");
}
