using System.Net.Http.Headers;
using Enforcer.Edge.Protocols.Anthropic;
using Enforcer.Edge.Protocols.OpenAi;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Protocols;

/// <summary>What all calls of one provider have in common: where the key is, how the edge signs in, and what refusals look like.</summary>
internal abstract class Dialect
{
    private const string BearerPrefix = "Bearer ";

    /// <summary>The name in the configuration.</summary>
    public abstract string Name { get; }

    /// <summary>The protocol of a name; null if there is none.</summary>
    public static Dialect? Find(string name) => name switch
    {
        "openai" => OpenAiDialect.Instance,
        "anthropic" => AnthropicDialect.Instance,
        _ => null,
    };

    /// <summary>The customer's key.</summary>
    /// <param name="headers">The headers of his request.</param>
    /// <param name="problem">What is wrong with them, if there is no key.</param>
    public abstract string? KeyOf(IHeaderDictionary headers, out string problem);

    /// <summary>Puts the operator's secret into a request.</summary>
    public abstract void SignIn(HttpRequestHeaders headers, string secret);

    /// <summary>Answers a problem in the provider's own shape.</summary>
    public async Task TellAsync(HttpContext http, Problem problem)
    {
        var response = http.Response;
        response.StatusCode = StatusOf(problem.Kind);
        ProblemHeaders.Write(response.Headers, problem);
        TellRates(response.Headers, problem.Rates);
        var body = BodyOf(problem, http);
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body).ConfigureAwait(false);
    }

    /// <summary>Tells how the account's rates stand, in the provider's own headers and in those of the IETF's draft.</summary>
    public void TellRates(IHeaderDictionary headers, RateStanding? rates)
    {
        if (rates is null)
            return;
        WriteRates(headers, rates);
        RateHeaders.Write(headers, rates);
    }

    /// <summary>The status of a problem.</summary>
    protected virtual int StatusOf(ProblemKind kind) => kind switch
    {
        ProblemKind.Malformed => StatusCodes.Status400BadRequest,
        ProblemKind.UnknownPath or ProblemKind.UnknownModel => StatusCodes.Status404NotFound,
        ProblemKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ProblemKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        ProblemKind.Forbidden => StatusCodes.Status403Forbidden,
        ProblemKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        ProblemKind.UpstreamFailed => StatusCodes.Status502BadGateway,
        _ => StatusCodes.Status429TooManyRequests,
    };

    /// <summary>The body of a problem.</summary>
    protected abstract byte[] BodyOf(Problem problem, HttpContext http);

    /// <summary>The provider's own headers of rates.</summary>
    protected abstract void WriteRates(IHeaderDictionary headers, RateStanding rates);

    /// <summary>The token of a bearer header; null if it is none.</summary>
    protected static string? BearerOf(IHeaderDictionary headers)
    {
        var value = headers.Authorization.ToString();
        return value.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase) ? value[BearerPrefix.Length..].Trim() : null;
    }
}
