namespace Enforcer.LoadTests.Measuring;

/// <summary>CPU seconds that a run took at both ends.</summary>
internal readonly record struct CpuUse(double ClientSeconds, double ServerSeconds)
{
    public double PerMillion(long operations) =>
        operations == 0 ? 0 : (ClientSeconds + ServerSeconds) * 1_000_000 / operations;

    public static CpuUse operator +(CpuUse a, CpuUse b) =>
        new(a.ClientSeconds + b.ClientSeconds, a.ServerSeconds + b.ServerSeconds);
}
