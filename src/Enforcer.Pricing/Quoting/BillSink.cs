using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Quoting;

/// <summary>Keeps lines, for people to read.</summary>
internal readonly struct BillSink() : ILineSink
{
    private readonly List<PricedLine> _lines = [];
    private readonly List<Metered> _unpriced = [];

    public void Add(in PricedLine line, GraduationStep? step) =>
        _lines.Add(step is { } at ? line with { Why = $"{line.Why}; {at.Why}" } : line);

    public void AddUnpriced(Metered usage) => _unpriced.Add(usage);

    public Bill ToBill(string unit) => new(unit, [.. _lines], [.. _unpriced]);
}
