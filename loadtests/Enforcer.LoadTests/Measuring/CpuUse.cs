namespace Enforcer.LoadTests.Measuring;

/// <summary>CPU seconds that a run took at both ends, and in the database beneath if that is told apart.</summary>
internal readonly record struct CpuUse(double ClientSeconds, double ServerSeconds, double DatabaseSeconds = 0)
{
    public double PerMillion(long operations) =>
        operations == 0 ? 0 : (ClientSeconds + ServerSeconds + DatabaseSeconds) * 1_000_000 / operations;

    public static CpuUse operator -(CpuUse a, CpuUse b) =>
        new(a.ClientSeconds - b.ClientSeconds, a.ServerSeconds - b.ServerSeconds, a.DatabaseSeconds - b.DatabaseSeconds);
}
