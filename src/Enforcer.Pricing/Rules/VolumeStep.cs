namespace Enforcer.Pricing.Rules;

/// <summary>From this many units on, so many percent off.</summary>
/// <param name="From">Units counted before.</param>
/// <param name="PercentOff">0 to 100.</param>
public readonly record struct VolumeStep(long From, decimal PercentOff);
