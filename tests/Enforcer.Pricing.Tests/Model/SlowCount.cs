using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Tests.Model;

/// <summary>A running count: from each place on, units cost so much of their price.</summary>
internal sealed record SlowCount(string Counter, MeterGroup Meters, List<(long From, Fraction Factor)> Steps)
{
    public Fraction FactorAt(long place) => Steps.Last(step => step.From <= place).Factor;
}
