using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Quoting;

/// <summary>Takes the lines of a bill as they are made. Implemented by structs, so that adding up allocates nothing.</summary>
internal interface ILineSink
{
    /// <summary>A line; the step is the last one that it stands in, if it stands in any.</summary>
    void Add(in PricedLine line, GraduationStep? step);

    /// <summary>Usage that the tariff has no price for.</summary>
    void AddUnpriced(Metered usage);
}
