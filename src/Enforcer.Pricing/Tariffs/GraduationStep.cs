using Enforcer.Pricing.Amounts;

namespace Enforcer.Pricing.Tariffs;

/// <summary>From this many units on, until the next step, each unit costs so much of its price.</summary>
/// <param name="From">Units that were counted before; the first step begins at 0.</param>
/// <param name="Multiplier">0 for what is included, 1 for the full price, 9/10 for a tenth off.</param>
/// <param name="Why">What a bill says about units in this step.</param>
public readonly record struct GraduationStep(long From, Ratio Multiplier, string Why);
