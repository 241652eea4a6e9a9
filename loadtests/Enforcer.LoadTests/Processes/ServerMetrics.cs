using System.Globalization;

namespace Enforcer.LoadTests.Processes;

/// <summary>Reads single figures from a server's <c>/metrics</c>.</summary>
internal static class ServerMetrics
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>The sum over all series of a metric; null if the server has no such metric or cannot be asked.</summary>
    public static async Task<double?> ReadAsync(Uri? httpAddress, string name)
    {
        if (httpAddress is null)
            return null;
        var text = await Http.GetStringAsync(new Uri(httpAddress, "/metrics")).ConfigureAwait(false);
        double? sum = null;
        foreach (var line in text.Split('\n'))
        {
            if (!line.StartsWith(name, StringComparison.Ordinal) || line.Length == name.Length || line[name.Length] is not (' ' or '{'))
                continue;
            var value = line[(line.LastIndexOf('}') + 1)..].Replace(name, "", StringComparison.Ordinal).Trim().Split(' ')[0];
            sum = (sum ?? 0) + double.Parse(value, CultureInfo.InvariantCulture);
        }

        return sum;
    }
}
