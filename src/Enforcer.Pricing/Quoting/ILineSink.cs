using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Quoting;

/// <summary>Takes the lines of a bill as they are made. Implemented by structs, so that adding up allocates nothing.</summary>
internal interface ILineSink
{
    /// <summary>So many units of a meter under one charge, and what they come to. The step is the one of a running count that they stand in, if any.</summary>
    void Add(Metered units, Charge charge, Ratio multiplier, GraduationStep? step, long amountNanos);

    /// <summary>Usage that the tariff has no price for.</summary>
    void AddUnpriced(Metered usage);
}
