using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Tests.Model;

/// <summary>What a meter's units are charged before rounding, and the running counts that change it.</summary>
internal sealed record SlowLine(UsageMeter Meter, Fraction PerUnit)
{
    public List<SlowCount> Counts { get; init; } = [];

    public SlowLine Times(Fraction factor) => this with { PerUnit = PerUnit * factor };

    public SlowLine With(SlowCount count) => this with { Counts = [.. Counts, count] };
}
