using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Quoting;

/// <summary>Keeps lines, for people to read.</summary>
internal readonly struct BillSink() : ILineSink
{
    private readonly List<PricedLine> _lines = [];
    private readonly List<Metered> _unpriced = [];

    public void Add(Metered units, Charge charge, Ratio multiplier, GraduationStep? step, long amountNanos)
    {
        var why = step is { } at ? new Reason(at.Why, charge.Why) : charge.Why;
        _lines.Add(new PricedLine(units.Meter, units.Quantity, charge.UnitPrice, multiplier, amountNanos, why.ToString()));
    }

    public void AddUnpriced(Metered usage) => _unpriced.Add(usage);

    public Bill ToBill(string unit) => new(unit, [.. _lines], [.. _unpriced]);
}
