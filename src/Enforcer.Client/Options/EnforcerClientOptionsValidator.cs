using Microsoft.Extensions.Options;

namespace Enforcer.Client;

/// <summary>Checks all options and reports all problems at once.</summary>
internal sealed class EnforcerClientOptionsValidator : IValidateOptions<EnforcerClientOptions>
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    public ValidateOptionsResult Validate(string? name, EnforcerClientOptions options)
    {
        var problems = Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    /// <exception cref="OptionsValidationException">At least one option breaks its rule.</exception>
    public static void Check(EnforcerClientOptions options)
    {
        var problems = Problems(options).ToList();
        if (problems.Count > 0)
            throw new OptionsValidationException(nameof(EnforcerClientOptions), typeof(EnforcerClientOptions), problems);
    }

    private static IEnumerable<string> Problems(EnforcerClientOptions options) =>
        EndpointProblems(options.Endpoints)
            .Concat(TokenProblems(options.Token))
            .Concat(TimeProblems(options))
            .Concat(CountProblems(options));

    private static IEnumerable<string> EndpointProblems(IReadOnlyList<string>? endpoints)
    {
        if (endpoints is null || endpoints.Count == 0)
        {
            yield return "Endpoints is empty; name at least one server, for example http://127.0.0.1:7070.";
            yield break;
        }
        foreach (var endpoint in endpoints)
        {
            if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/")
                yield return $"Endpoints holds '{endpoint}', which is not http://host:port or https://host:port; the default server is http://127.0.0.1:7070.";
        }
    }

    private static IEnumerable<string> TokenProblems(string? token)
    {
        if (string.IsNullOrWhiteSpace(token))
            yield return "Token is empty; set it to an enf_edge_… token, which `enforcer tokens create --role edge` makes.";
        else if (token.AsSpan().ContainsAnyExceptInRange('!', '~'))
            yield return "Token holds spaces or characters outside ASCII; copy it as it was shown, without quotes.";
    }

    private static IEnumerable<string> TimeProblems(EnforcerClientOptions options)
    {
        var hour = TimeSpan.FromHours(1);
        var checks = new[]
        {
            Range(nameof(options.DefaultTtl), options.DefaultTtl ?? Tick, Tick, TimeSpan.FromDays(1)),
            Range(nameof(options.Timeout), options.Timeout, Tick, hour),
            Range(nameof(options.ConnectTimeout), options.ConnectTimeout, Tick, hour),
            Range(nameof(options.Backoff), options.Backoff, Tick, hour),
            Range(nameof(options.MaxBackoff), options.MaxBackoff, options.Backoff, hour),
            options.TimeProvider is null ? "TimeProvider is null; leave it at TimeProvider.System." : null,
        };
        return checks.OfType<string>();
    }

    private static IEnumerable<string> CountProblems(EnforcerClientOptions options)
    {
        if (options.MaxInFlight is < 1 or > EnforcerClientOptions.MaxInFlightBound)
            yield return $"MaxInFlight is {options.MaxInFlight}; it is 1 to {EnforcerClientOptions.MaxInFlightBound}.";
        if (options.MaxRetries is < 0 or > 100)
            yield return $"MaxRetries is {options.MaxRetries}; it is 0 to 100.";
        if (options.RetryPercent is < 0 or > 100)
            yield return $"RetryPercent is {options.RetryPercent}; it is 0 to 100.";
        if (!Enum.IsDefined(options.OnDispose))
            yield return $"OnDispose is {options.OnDispose}; it is Release or Charge.";
    }

    private static string? Range(string option, TimeSpan value, TimeSpan least, TimeSpan most) =>
        value < least || value > most ? $"{option} is {value}; it is {least} to {most}." : null;
}
