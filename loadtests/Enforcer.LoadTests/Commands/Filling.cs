using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Commands;

/// <summary>The last step before an audit: every account spends what is left until it is refused.</summary>
internal static class Filling
{
    public static async Task RunAsync(
        Arena arena, IReadOnlyDictionary<int, long> smallest, int accounts, int seed, Report report, CancellationToken cancellation)
    {
        var source = new FillSource(smallest);
        var shape = new FleetShape(EdgeMode.Session, 1, 64, 1);
        var fleet = new Fleet(arena.Target, shape, accounts, _ => source, arena.AnswersFolder, unchecked(seed + 7_919));
        var work = fleet.RunAsync(null, cancellation);
        var result = await Display.FollowAsync($"spending what is left on {smallest.Count:N0} accounts",
            () => fleet.Operations / (3.0 * smallest.Count), work).ConfigureAwait(false);
        report["fill_operations"] = result.Operations;
        foreach (var (account, refusal) in source.Unexpected.Take(5))
        {
            report.Fail($"account {AccountNames.Of(account)} was to be exhausted, but refused for another reason than its cap: {refusal}");
        }
    }
}
