using System.Globalization;
using System.Text.Json;
using Enforcer.Edge.Options;
using Enforcer.Edge.Requests;

namespace Enforcer.Edge.Protocols;

/// <summary>A request's limit on what is generated: what the customer set, what the edge asks for, and what it is lowered to.</summary>
/// <param name="Field">The field to put a limit in where there is none.</param>
/// <param name="Named">The fields that limit the request, with their values.</param>
/// <param name="Most">The most that is asked for, in tokens of one choice.</param>
/// <param name="Least">The least that is worth the call.</param>
internal sealed record Limits(string Field, IReadOnlyList<(JsonElement Value, long Tokens)> Named, long Most, long Least)
{
    /// <summary>Reads the limit of a request.</summary>
    /// <param name="root">The request.</param>
    /// <param name="options">The edge's bounds.</param>
    /// <param name="thinking">Tokens that the call must be allowed besides its answer.</param>
    /// <param name="fields">The fields that limit it; the first is set where none is.</param>
    public static Limits Read(JsonElement root, EdgeOptions options, long thinking, params ReadOnlySpan<string> fields)
    {
        var named = new List<(JsonElement, long)>();
        var most = long.MaxValue;
        foreach (var field in fields)
        {
            if (root.Count(field) is not { } tokens)
                continue;
            named.Add((root.GetProperty(field), tokens));
            most = Math.Min(most, tokens);
        }
        if (named.Count == 0)
            most = options.DefaultOutputTokens;
        most = Math.Min(most, options.MostOutputTokens);
        return new Limits(fields[0], named, most, Math.Min(most, options.LeastOutputTokens + thinking));
    }

    /// <summary>Lowers the limits of a body to what was granted, and sets one where there is none.</summary>
    public void Lower(JsonBody body, long granted)
    {
        var text = granted.ToString(CultureInfo.InvariantCulture);
        if (Named.Count == 0)
            body.Insert(body.Root, Field, text);
        foreach (var (value, tokens) in Named)
        {
            if (tokens > granted)
                body.Replace(value, text);
        }
    }
}
