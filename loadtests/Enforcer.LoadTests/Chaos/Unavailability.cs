using System.Diagnostics;

namespace Enforcer.LoadTests.Chaos;

/// <summary>What probes saw of faults: how long an account went without an answer.</summary>
internal sealed class Unavailability(IReadOnlyList<Probe> probes)
{
    /// <summary>
    /// The longest that any account went without an answer because of a fault: from the fault, or the last answer after it, to the next answer, looking at whatever began before
    /// the fault was over.
    /// </summary>
    public TimeSpan Longest(FaultRecord fault) =>
        probes.Select(probe => LongestGap(probe.Calls, fault.Began, fault.Over)).DefaultIfEmpty().Max();

    /// <summary>From when a fault was undone until every account had been answered a call that was made after that.</summary>
    public TimeSpan UntilAllAnswered(FaultRecord fault) => probes.Select(probe => UntilAnswered(probe.Calls, fault.Healed)).DefaultIfEmpty().Max();

    private static TimeSpan LongestGap(IReadOnlyList<ProbedCall> calls, long from, long until)
    {
        var (longest, last) = (0L, from);
        for (var i = First(calls, call => call.Answered >= from); i < calls.Count && last < until; i++)
        {
            longest = Math.Max(longest, calls[i].Answered - last);
            last = calls[i].Answered;
        }

        return Stopwatch.GetElapsedTime(0, longest);
    }

    /// <summary>From a moment until the first answer to a call that was made after it; zero if there was none.</summary>
    public static TimeSpan UntilAnswered(IReadOnlyList<ProbedCall> calls, long from)
    {
        var i = First(calls, call => call.Made >= from);
        return i < calls.Count ? Stopwatch.GetElapsedTime(from, calls[i].Answered) : TimeSpan.Zero;
    }

    /// <summary>The first call of which something holds that holds of all after it.</summary>
    private static int First(IReadOnlyList<ProbedCall> calls, Func<ProbedCall, bool> holds)
    {
        var (low, high) = (0, calls.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (holds(calls[middle]))
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
