namespace Enforcer.Server;

/// <summary>The time zones of this machine by their IANA names.</summary>
internal static class Zones
{
    /// <summary>Finds a zone; null if there is none with this name.</summary>
    public static TimeZoneInfo? Find(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
}
