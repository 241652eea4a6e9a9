namespace Enforcer.Pricing.Metering;

/// <summary>So much of one meter.</summary>
/// <param name="Meter">What was counted.</param>
/// <param name="Quantity">How much: 1 to <see cref="Usage.MostPerMeter"/>.</param>
public readonly record struct Metered(UsageMeter Meter, long Quantity);
