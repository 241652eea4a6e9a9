using System.Globalization;

namespace Enforcer.LoadTests.Processes;

/// <summary>Finds out which of some processes has a connection, from <c>/proc</c>.</summary>
internal static class SocketOwner
{
    /// <summary>Local and remote address, state and what else there is: the inode is the tenth field.</summary>
    private const int InodeField = 9;

    /// <summary>The place, in the list, of the process that has connected from one loopback port to another; -1 if it is none of them.</summary>
    public static int Find(int fromPort, int toPort, IReadOnlyList<int> processes)
    {
        var inode = InodeOf(fromPort, toPort, "/proc/net/tcp") ?? InodeOf(fromPort, toPort, "/proc/net/tcp6");
        if (inode is null)
            return -1;
        for (var i = 0; i < processes.Count; i++)
        {
            if (Has(processes[i], inode))
                return i;
        }

        return -1;
    }

    private static string? InodeOf(int fromPort, int toPort, string table)
    {
        var (from, to) = (":" + fromPort.ToString("X4", CultureInfo.InvariantCulture), ":" + toPort.ToString("X4", CultureInfo.InvariantCulture));
        foreach (var line in File.ReadLines(table))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > InodeField && fields[1].EndsWith(from, StringComparison.Ordinal) && fields[2].EndsWith(to, StringComparison.Ordinal))
                return fields[InodeField];
        }

        return null;
    }

    private static bool Has(int process, string inode)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{process}/fd").Any(file => new FileInfo(file).LinkTarget == $"socket:[{inode}]");
        }
        catch (IOException)
        {
            return false; // it ends just now, or has ended
        }
    }
}
