namespace Enforcer.Client;

/// <summary>Conversions between spans and a clock's timestamps.</summary>
internal static class ClockExtensions
{
    /// <summary>A span in units of <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public static long ToTimestamp(this TimeProvider clock, TimeSpan span) =>
        (long)((Int128)span.Ticks * clock.TimestampFrequency / TimeSpan.TicksPerSecond);
}
