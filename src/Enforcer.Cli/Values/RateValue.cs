namespace Enforcer.Cli.Values;

/// <summary>A rate to set, or 0 to remove the limit (<c>none</c>).</summary>
/// <param name="PerMinute">How much refills in a minute; 0: no limit.</param>
/// <param name="Burst">The most that can be taken at once; null: not said.</param>
internal readonly record struct RateValue(long PerMinute, long? Burst);
