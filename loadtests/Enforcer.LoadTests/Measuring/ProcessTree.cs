using System.Globalization;

namespace Enforcer.LoadTests.Measuring;

/// <summary>Reads what a process and its children have used so far, from <c>/proc</c>.</summary>
internal static class ProcessTree
{
    // USER_HZ is 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>CPU seconds of the process, of its living children and of those it has waited for.</summary>
    public static double CpuSeconds(int rootId)
    {
        var parents = ReadAll();
        var ticks = 0L;
        foreach (var (id, stat) in parents)
        {
            if (Descends(id, rootId, parents))
                ticks += stat.Ticks;
        }

        return ticks / TicksPerSecond;
    }

    /// <summary>The process and everything that it has started, directly or not.</summary>
    public static IReadOnlyList<int> Descendants(int rootId)
    {
        var all = ReadAll();
        return [.. all.Keys.Where(id => Descends(id, rootId, all))];
    }

    /// <summary>CPU seconds of those threads of a process that have a name, by their folders. Linux cuts names off after 15 characters.</summary>
    public static Dictionary<string, double> ThreadSeconds(int id, string name)
    {
        var seconds = new Dictionary<string, double>();
        var threads = $"/proc/{id}/task";
        foreach (var folder in Directory.Exists(threads) ? Directory.EnumerateDirectories(threads) : [])
        {
            if (TryReadStat(Path.Combine(folder, "stat"), name) is { } fields)
                seconds[folder] = Sum(fields.AsSpan(11, 2)) / TicksPerSecond;
        }

        return seconds;
    }

    /// <summary>Resident memory of one process; 0 if it has ended.</summary>
    public static long ResidentBytes(int id)
    {
        var path = $"/proc/{id}/status";
        if (!File.Exists(path))
            return 0;
        foreach (var line in File.ReadLines(path))
        {
            if (line.StartsWith("VmRSS:", StringComparison.Ordinal))
                return long.Parse(line.AsSpan(6).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture) * 1_024;
        }

        return 0;
    }

    private static bool Descends(int id, int rootId, Dictionary<int, (int Parent, long Ticks)> all)
    {
        for (var at = id; at > 1; at = all[at].Parent)
        {
            if (at == rootId)
                return true;
            if (!all.ContainsKey(at))
                return false;
        }

        return false;
    }

    private static Dictionary<int, (int Parent, long Ticks)> ReadAll()
    {
        var all = new Dictionary<int, (int, long)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                continue;
            if (TryReadStat(Path.Combine(folder, "stat")) is { } fields)
                all[id] = (int.Parse(fields[1], CultureInfo.InvariantCulture), Sum(fields.AsSpan(11, 4)));
        }

        return all;
    }

    // utime, stime, cutime, cstime: the 14th to 17th fields of the file, the 12th to 15th after the name.
    private static long Sum(ReadOnlySpan<string> fields)
    {
        var sum = 0L;
        foreach (var field in fields)
        {
            sum += long.Parse(field, CultureInfo.InvariantCulture);
        }

        return sum;
    }

    /// <summary>The fields after the name; null if it has ended, or is not of that name.</summary>
    private static string[]? TryReadStat(string path, string? name = null)
    {
        try
        {
            var text = File.ReadAllText(path);
            return name is null || text.Contains($"({name})", StringComparison.Ordinal) ? text[(text.LastIndexOf(')') + 2)..].Split(' ') : null;
        }
        catch (IOException)
        {
            return null; // it ended between the listing and the reading
        }
    }
}
