namespace Enforcer.LoadTests.Measuring;

/// <summary>What one client counts while it runs; clients share nothing, so counting costs no contention.</summary>
internal sealed class Tally
{
    public Histogram Latency { get; } = new();

    /// <summary>Of Reserve alone, where the client tells them apart.</summary>
    public Histogram ReserveLatency { get; } = new();

    public long Operations { get; set; }

    public long Refusals { get; set; }

    public static LoadResult Sum(IEnumerable<Tally> tallies, TimeSpan elapsed, CpuUse cpu)
    {
        var (operations, refusals, latency, reserve) = (0L, 0L, new Histogram(), new Histogram());
        foreach (var tally in tallies)
        {
            operations += tally.Operations;
            refusals += tally.Refusals;
            latency.Merge(tally.Latency);
            reserve.Merge(tally.ReserveLatency);
        }

        return new LoadResult(operations, refusals, elapsed, latency, reserve, cpu);
    }
}
