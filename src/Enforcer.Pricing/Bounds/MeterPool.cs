using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Bounds;

/// <summary>
/// At most so many units, however they turn out to be split over some meters: a prompt of 1,000 tokens may be read from a cache, written
/// to one, or neither.
/// </summary>
/// <param name="Most">The most units of all these meters together: 0 to <see cref="Usage.MostPerMeter"/>.</param>
/// <param name="Meters">The meters that it can be.</param>
public sealed record MeterPool(long Most, MeterGroup Meters)
{
    /// <summary>The ways in which a prompt of text is billed: plain, read from a cache, written to one.</summary>
    public static MeterGroup TextPrompt { get; } =
        MeterGroup.Of(UsageMeters.Input, UsageMeters.InputCached, UsageMeters.CacheWrite5m, UsageMeters.CacheWrite1h);

    /// <summary>The ways in which a prompt of text and images is billed.</summary>
    public static MeterGroup TextAndImagePrompt { get; } = MeterGroup.Of([.. TextPrompt.Meters, UsageMeters.InputImage]);

    /// <summary>The ways in which an answer of text is billed.</summary>
    public static MeterGroup TextCompletion { get; } = MeterGroup.Of(UsageMeters.Output, UsageMeters.Reasoning);

    /// <summary>At most so many of one meter.</summary>
    public static MeterPool Of(long most, UsageMeter meter) => new(most, MeterGroup.Of(meter));
}
