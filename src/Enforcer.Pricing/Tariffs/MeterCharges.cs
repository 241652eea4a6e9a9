using Enforcer.Pricing.Metering;

namespace Enforcer.Pricing.Tariffs;

/// <summary>All that one meter is charged.</summary>
/// <param name="Meter">What is counted.</param>
/// <param name="Charges">The charges on each unit, at least one.</param>
public readonly record struct MeterCharges(UsageMeter Meter, IReadOnlyList<Charge> Charges)
{
    /// <summary>The same, to be walked without an enumerator.</summary>
    internal Charge[] List => (Charge[])Charges;
}
