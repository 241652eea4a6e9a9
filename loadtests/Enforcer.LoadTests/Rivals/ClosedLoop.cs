using System.Diagnostics;
using Enforcer.LoadTests.Measuring;

namespace Enforcer.LoadTests.Rivals;

/// <summary>Runs one loop per client side by side for a fixed time and adds up what they counted.</summary>
internal static class ClosedLoop
{
    /// <param name="serverId">The process whose CPU time counts besides this one's; 0 for none.</param>
    /// <param name="clients">How many loops run.</param>
    /// <param name="duration">When the loops stop starting cycles.</param>
    /// <param name="client">One client's loop: its number, its tally, and the timestamp at which it stops.</param>
    public static async Task<LoadResult> RunAsync(
        int serverId, int clients, TimeSpan duration, Func<int, Tally, long, Task> client)
    {
        var tallies = Enumerable.Range(0, clients).Select(_ => new Tally()).ToArray();
        var meter = new CpuMeter([serverId]);
        var started = Stopwatch.GetTimestamp();
        var stop = started + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(tallies.Select((tally, number) => Task.Run(() => client(number, tally, stop)))).ConfigureAwait(false);
        return Tally.Sum(tallies, Stopwatch.GetElapsedTime(started), meter.Read());
    }

    public static long NanosSince(long timestamp) => Stopwatch.GetElapsedTime(timestamp).Ticks * 100;
}
