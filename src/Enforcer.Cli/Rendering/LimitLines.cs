using System.Globalization;
using Enforcer.Cli.Values;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Rendering;

/// <summary>Limits in words, one a line.</summary>
internal static class LimitLines
{
    /// <summary>What stands where there is no limit.</summary>
    public const string None = "none";

    /// <summary>Names and values, in the order in which people think of them.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(Limits limits, string unit)
    {
        var lines = new List<(string, string)>();
        foreach (var spend in limits.Spend)
            lines.Add((LimitNames.Of(spend), MoneyText.Format(spend.CapNanos, unit)));
        if (limits.Requests is { PerMinute: > 0 } requests)
            lines.Add(("requests", Rate(requests)));
        if (limits.Tokens is { PerMinute: > 0 } tokens)
            lines.Add(("tokens", Rate(tokens)));
        if (limits.Concurrency > 0)
            lines.Add(("concurrency", Count(limits.Concurrency)));
        if (limits.OnExpiry != ExpiryPolicy.Unspecified)
            lines.Add(("on expiry", OnExpiry(limits.OnExpiry)));
        return lines;
    }

    /// <summary>What differs between two sets of limits: name, before, after.</summary>
    public static IReadOnlyList<(string Name, string Before, string After)> Changes(Limits before, Limits after, string unit)
    {
        var old = Of(before, unit);
        var fresh = Of(after, unit);
        return
        [
            .. old.Select(line => line.Name).Union(fresh.Select(line => line.Name))
                .Select(name => (Name: name, Before: Find(old, name), After: Find(fresh, name)))
                .Where(line => line.Before != line.After),
        ];
    }

    /// <summary>One word for a policy.</summary>
    public static string OnExpiry(ExpiryPolicy policy) => policy == ExpiryPolicy.Release ? "release" : "charge";

    /// <summary>A count with thousands apart.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun: <c>1 entry</c>, <c>2,000 entries</c>.</summary>
    public static string Count(long count, string one, string many) => count == 1 ? $"1 {one}" : $"{Count(count)} {many}";

    private static string Rate(RateLimit rate)
    {
        var text = $"{Count(rate.PerMinute)} a minute";
        return rate.Burst == 0 || rate.Burst == rate.PerMinute ? text : $"{text}, at most {Count(rate.Burst)} at once";
    }

    private static string Find(IReadOnlyList<(string Name, string Value)> lines, string name)
    {
        foreach (var line in lines)
        {
            if (line.Name == name)
                return line.Value;
        }
        return None;
    }
}
