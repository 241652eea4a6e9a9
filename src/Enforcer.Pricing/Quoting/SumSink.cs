using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Quoting;

/// <summary>Adds lines up.</summary>
internal struct SumSink : ILineSink
{
    public long TotalNanos { get; private set; }

    public bool HasUnpriced { get; private set; }

    public void Add(Metered units, Charge charge, Ratio multiplier, GraduationStep? step, long amountNanos) => TotalNanos += amountNanos;

    public void AddUnpriced(Metered usage) => HasUnpriced = true;
}
