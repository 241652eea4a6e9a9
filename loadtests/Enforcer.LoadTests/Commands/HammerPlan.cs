using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Commands;

/// <summary>What a hammering run does.</summary>
/// <param name="Picker">The accounts and how cycles are spread over them.</param>
/// <param name="Mix">What cycles look like.</param>
/// <param name="Shape">The edges.</param>
/// <param name="Operations">About how many operations are asked for; 0: as many as there is time for.</param>
/// <param name="Duration">At most how long.</param>
/// <param name="CapShare">Each account's cap as a share of the demand on it; 0: never reached.</param>
/// <param name="CapChangesPerSecond">How often an operator changes a random account's cap.</param>
/// <param name="CyclesPerSecond">The load over all edges; 0: as fast as answers come.</param>
/// <param name="IsAudited">Whether answers are noted, caps exhausted and the journal audited.</param>
/// <param name="Seed">Decides every random draw.</param>
internal sealed record HammerPlan(
    AccountPicker Picker,
    HammerMix Mix,
    FleetShape Shape,
    long Operations,
    TimeSpan Duration,
    double CapShare,
    double CapChangesPerSecond,
    double CyclesPerSecond,
    bool IsAudited,
    int Seed)
{
    private const long NeverReachedNanos = 1L << 53;

    public bool HasCaps => CapShare > 0;

    public long QuotaPerEdge => Operations == 0 ? long.MaxValue : Math.Max(1, Operations / 2 / Shape.Edges);

    public long CapNanos(int account)
    {
        if (!HasCaps)
            return NeverReachedNanos;
        if (Operations == 0)
            throw new ArgumentException("--cap-share needs --operations: the demand must be known; or set --cap-share 0");
        var demandNanos = Operations / 2 * Mix.MeanCostNanos;
        return Math.Max(HammerMix.SmallestNanos, (long)(demandNanos * (decimal)(Picker.Share(account) * CapShare)));
    }

    /// <summary>The smallest request of each account, if caps are to be exhausted.</summary>
    public Dictionary<int, long> SmallestRequests() =>
        HasCaps ? Enumerable.Range(0, Picker.Accounts).ToDictionary(account => account, _ => HammerMix.SmallestNanos) : [];
}
