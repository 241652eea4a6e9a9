using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Quoting;
using Enforcer.Pricing.Rules;

namespace Enforcer.Ledger.Prices;

/// <summary>
/// The running counts of one account: what volume tiers and included usage look at. They begin at 0 in each period. What was reserved in a
/// period counts in that period alone. Changed by entries and by nothing else.
/// </summary>
public sealed class PeriodCounts
{
    /// <summary>No count goes further: beyond it lies no step of any price.</summary>
    private const long Most = 1L << 61;

    private readonly List<PeriodCount> _counts = [];

    /// <summary>The period that is counted, see <see cref="Prices.Period"/>; 0 before the first.</summary>
    public int Period { get; private set; }

    /// <summary>All counts of the period.</summary>
    public IReadOnlyList<PeriodCount> All => _counts;

    /// <summary>What has been committed, if the period is still this one; else 0.</summary>
    public long Committed(string counter, int period) => Find(counter, period).Committed;

    /// <summary>Where a reservation that is made now stands.</summary>
    internal static CountMark[] MarksOf(PeriodCounts? account, IReadOnlyList<RunningCounter> counters, UsageBound bound, int period)
    {
        if (counters.Count == 0) return [];
        var marks = new CountMark[counters.Count];
        for (var i = 0; i < marks.Length; i++)
        {
            var counter = counters[i];
            var count = account?.Find(counter.Name, period) ?? default;
            marks[i] = new CountMark(counter.Name, count.Committed, count.Committed + count.Held, Math.Min(Most, bound.Reach(counter.Meters)));
        }
        return marks;
    }

    /// <summary>The range in which prices of a call with these marks lie.</summary>
    internal static CountRange RangeOf(ReadOnlySpan<CountMark> marks)
    {
        if (marks.IsEmpty) return CountRange.None;
        var (least, most) = (new (string, long)[marks.Length], new (string, long)[marks.Length]);
        for (var i = 0; i < marks.Length; i++)
        {
            least[i] = (marks[i].Counter, marks[i].Least);
            most[i] = (marks[i].Counter, marks[i].Most);
        }
        return CountRange.Between(RunningCounts.Of(least), RunningCounts.Of(most));
    }

    /// <summary>
    /// The counts by which a call with these marks is priced: as they are now, but never outside of what they could be when it was reserved. So
    /// what is held for it stays enough, whatever was committed in between, and whenever its period ends.
    /// </summary>
    internal static RunningCounts At(PeriodCounts? account, PricedCall reservation, IReadOnlyList<RunningCounter> counters)
    {
        var marks = reservation.Marks;
        if (marks.IsEmpty) return RunningCounts.None;
        var counts = new (string, long)[marks.Length];
        for (var i = 0; i < marks.Length; i++)
        {
            var mark = marks[i];
            // What partial commits of this call have added stands behind its first unit, not before it.
            var own = reservation.Usage is { } usage ? usage.Of(counters[i].Meters) : 0;
            counts[i] = (mark.Counter, Math.Clamp((account?.Committed(mark.Counter, reservation.Period) ?? 0) - own, mark.Least, mark.Most));
        }
        return RunningCounts.Of(counts);
    }

    internal void Hold(ReadOnlySpan<CountMark> marks, int period)
    {
        foreach (var mark in marks) Add(mark.Counter, period, 0, mark.Units);
    }

    internal void Free(ReadOnlySpan<CountMark> marks, int period)
    {
        foreach (var mark in marks) Add(mark.Counter, period, 0, -mark.Units);
    }

    internal void Commit(ReadOnlySpan<CountMark> marks, int period)
    {
        foreach (var mark in marks) Add(mark.Counter, period, mark.Units, 0);
    }

    internal void Restore(int period, IEnumerable<PeriodCount> counts)
    {
        Period = period;
        _counts.Clear();
        _counts.AddRange(counts);
    }

    private void Add(string counter, int period, long committed, long held)
    {
        if (period < Period) return;
        if (period > Period)
        {
            Period = period;
            _counts.Clear();
        }
        var at = IndexOf(counter);
        if (at < 0)
        {
            at = _counts.Count;
            _counts.Add(new PeriodCount(counter, 0, 0));
        }
        var count = _counts[at];
        _counts[at] = count with { Committed = Math.Min(Most, count.Committed + committed), Held = Math.Clamp(count.Held + held, 0, Most) };
    }

    private PeriodCount Find(string counter, int period) => period == Period && IndexOf(counter) is >= 0 and var at ? _counts[at] : default;

    private int IndexOf(string counter)
    {
        for (var i = 0; i < _counts.Count; i++)
        {
            if (_counts[i].Counter == counter) return i;
        }
        return -1;
    }
}
