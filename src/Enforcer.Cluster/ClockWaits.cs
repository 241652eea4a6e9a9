namespace Enforcer.Cluster;

/// <summary>Waiting by a clock that comes from outside.</summary>
internal static class ClockWaits
{
    /// <summary>Waits; false if that was cancelled.</summary>
    public static async ValueTask<bool> TryAsync(TimeProvider clock, TimeSpan time, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(time, clock, stopping).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>A length of time as the clock's timestamps count it.</summary>
    public static long TicksOf(TimeProvider clock, TimeSpan time) => (long)(time.Ticks * (Int128)clock.TimestampFrequency / TimeSpan.TicksPerSecond);
}
