namespace Enforcer.Client;

/// <summary>Waits before repeats: doubling, bounded, and spread evenly between half and one and a half of that, so that clients do not return in step.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, ClientPorts ports)
{
    /// <summary>The wait before the repeat with this number, from 0.</summary>
    public TimeSpan Wait(int repeat)
    {
        var ticks = first.Ticks << Math.Min(repeat, 16);
        var middle = (int)Math.Min(Math.Min(ticks, longest.Ticks) / TimeSpan.TicksPerMillisecond * 1000, int.MaxValue / 2);
        return TimeSpan.FromMicroseconds((middle / 2) + ports.Below(Math.Max(1, middle)));
    }
}
