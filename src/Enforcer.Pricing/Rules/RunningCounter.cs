using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Rules;

/// <summary>A running count that a rule looks at, which the account keeps for the period.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meters">What it counts.</param>
public sealed record RunningCounter(string Name, MeterGroup Meters);
