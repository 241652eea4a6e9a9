namespace Enforcer.LoadTests.Measuring;

/// <summary>What one timed run did: answers, refusals among them, how long it took and what it cost.</summary>
internal sealed record LoadResult(
    long Operations, long Refusals, TimeSpan Elapsed, Histogram Latency, Histogram ReserveLatency, CpuUse Cpu)
{
    public double PerSecond => Operations / Elapsed.TotalSeconds;

    public double CpuPerMillion => Cpu.PerMillion(Operations);
}
