using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Chaos;

/// <summary>What a run over a cluster is made of.</summary>
/// <param name="Nodes">How many nodes.</param>
/// <param name="Length">How long faults are made; zero for a run without an end of its own, where no cap is reached.</param>
/// <param name="Kinds">Which kinds of faults.</param>
/// <param name="Faults">How many faults in that time.</param>
/// <param name="Accounts">Accounts that edges spend from; probed ones come on top.</param>
/// <param name="Rate">Cycles a second over all edges.</param>
/// <param name="Shape">The edges.</param>
/// <param name="Seed">Decides faults, accounts and amounts.</param>
internal sealed record ChaosSettings(int Nodes, TimeSpan Length, IReadOnlyList<FaultKind> Kinds, int Faults, int Accounts, double Rate, FleetShape Shape, int Seed)
{
    /// <summary>Accounts that are probed, besides those that edges spend from.</summary>
    public const int Probed = 48;

    private const long NeverReachedNanos = 1L << 53;

    public AccountPicker Picker { get; } = new(Spread.Zipf, Accounts);

    /// <summary>Some are released, some abandoned and expire; the rest is committed.</summary>
    public HammerMix Mix { get; } = new(ReleasePercent: 10, AbandonPercent: 1);

    /// <summary>Every third account has half of what would be spent from it, and runs dry on the way; the others go on to the end.</summary>
    public long CapNanos(int account)
    {
        if (Length == TimeSpan.Zero || account >= Accounts || account % 3 != 0)
            return NeverReachedNanos;
        var demandNanos = (decimal)(Rate * Length.TotalSeconds * Picker.Share(account)) * Mix.MeanCostNanos;
        return Math.Max(HammerMix.SmallestNanos, (long)(demandNanos / 2));
    }

    /// <summary>The edges, on all nodes.</summary>
    public Fleet FleetOn(ChaosCluster cluster) => new(
        cluster.Target, Shape, Accounts,
        edge => new HammerSource(Picker, Mix, new Random(unchecked((Seed * 7_907) + edge)), quota: long.MaxValue, Rate / Shape.Edges),
        cluster.AnswersFolder, Seed);
}
