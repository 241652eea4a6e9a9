using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Rendering;

/// <summary>The sums of a statement in one unit. Whole nanos, so they equal the ledger's.</summary>
internal sealed class StatementTotals(string unit)
{
    /// <summary>The unit.</summary>
    public string Unit { get; } = unit;

    /// <summary>How many calls.</summary>
    public long Requests { get; private set; }

    /// <summary>What the upstream charges.</summary>
    public long CostNanos { get; private set; }

    /// <summary>What the customers are charged.</summary>
    public long PriceNanos { get; private set; }

    /// <summary>The difference, where the cost is known.</summary>
    public long MarginNanos { get; private set; }

    /// <summary>The sums of rows, a set for each unit.</summary>
    public static IEnumerable<StatementTotals> Of(IEnumerable<StatementRow> rows)
    {
        foreach (var unit in rows.GroupBy(row => row.Unit, StringComparer.Ordinal).OrderBy(unit => unit.Key, StringComparer.Ordinal))
        {
            var totals = new StatementTotals(unit.Key);
            foreach (var row in unit)
                totals.Add(row);
            yield return totals;
        }
    }

    /// <summary>A part in percent with one decimal, cut off; a dash of nothing.</summary>
    public static string Share(long part, long whole)
    {
        if (whole == 0)
            return "-";
        var perMille = (Int128)part * 1_000 / whole;
        return $"{perMille / 10}.{Int128.Abs(perMille % 10)} %";
    }

    private void Add(StatementRow row)
    {
        Requests += row.Requests;
        CostNanos += row.CostNanos;
        PriceNanos += row.PriceNanos;
        MarginNanos += row.MarginNanos;
    }
}
