using Enforcer.LoadTests.Audit;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Processes;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Commands;

/// <summary>A hammering run from its first cycle to its audit, on accounts that are there.</summary>
internal sealed class HammerRun(HammerPlan plan, Arena arena, Report report)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var operators = arena.Operator(plan.Seed);
        await HammerAsync(operators, cancellation).ConfigureAwait(false);
        if (plan.IsAudited)
            await ProveAsync(cancellation).ConfigureAwait(false);
    }

    private async Task HammerAsync(OperatorClient operators, CancellationToken cancellation)
    {
        // Processes start cold. What is audited counts from its first cycle; where only speed counts, hot paths are compiled first.
        if (!plan.IsAudited)
            await new Fleet(arena.Target, plan.Shape, plan.Picker.Accounts, SourceOf, null, plan.Seed).RunAsync(Contest.Warmup, cancellation).ConfigureAwait(false);
        var fleet = new Fleet(arena.Target, plan.Shape, plan.Picker.Accounts, SourceOf, plan.IsAudited ? arena.AnswersFolder : null, plan.Seed);
        var allocation = await Allocation.StartAsync(arena.Target).ConfigureAwait(false);
        using var over = new CancellationTokenSource();
        var changes = new CapChanges(operators, plan, new Random(plan.Seed));
        var changing = changes.RunAsync(over.Token, cancellation);
        var work = fleet.RunAsync(plan.Duration, cancellation);
        var result = await Display.FollowAsync(
            $"hammering {plan.Picker.Accounts:N0} accounts with {plan.Shape.Edges} edges ({plan.Shape.Mode})",
            () => (double)fleet.Operations / Math.Max(1, plan.Operations), work).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await changing.ConfigureAwait(false);
        Reporting.SetLoad(report, result);
        await allocation.PutAsync(report, result.Operations / 2).ConfigureAwait(false);
        report["accounts"] = plan.Picker.Accounts;
        report["edges"] = plan.Shape.Edges;
        report["mode"] = plan.Shape.Mode.ToString();
        report["cap_changes"] = changes.Count;
        report["retries"] = fleet.Retries;
        report["server_resident_bytes"] = ProcessTree.ResidentBytes(arena.Target.ProcessId);
    }

    private HammerSource SourceOf(int edge) => new(
        plan.Picker, plan.Mix, new Random(unchecked((plan.Seed * 7_907) + edge)), plan.QuotaPerEdge, plan.CyclesPerSecond / plan.Shape.Edges);

    private async Task ProveAsync(CancellationToken cancellation)
    {
        if (plan.Mix.AbandonPercent > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(HammerMix.AbandonedTtlMs * 3), cancellation).ConfigureAwait(false);
        var smallest = plan.SmallestRequests();
        if (smallest.Count > 0)
            await Filling.RunAsync(arena, smallest, plan.Picker.Accounts, plan.Seed, report, cancellation).ConfigureAwait(false);
        AuditStep.SaveSmallest(arena.AnswersFolder, smallest);
        await Auditing.RunAsync(arena, report).ConfigureAwait(false);
    }
}
