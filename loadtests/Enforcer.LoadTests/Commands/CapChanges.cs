using Enforcer.LoadTests.Edges;

namespace Enforcer.LoadTests.Commands;

/// <summary>
/// The operator who changes caps while edges spend: up and down between half and one and a half times the first cap, also
/// below what is used already. In the end every cap is what it was at first.
/// </summary>
internal sealed class CapChanges(OperatorClient operators, HammerPlan plan, Random random)
{
    private readonly HashSet<int> _changed = [];

    public long Count { get; private set; }

    /// <summary>Changes caps until it is told to stop; does nothing if the plan wants no changes.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken cancellation)
    {
        if (plan.CapChangesPerSecond <= 0)
            return;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / plan.CapChangesPerSecond));
        while (!stop.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false);
            var account = random.Next(plan.Picker.Accounts);
            _changed.Add(account);
            var cap = Math.Max(1, plan.CapNanos(account) / 100 * random.Next(50, 151));
            await operators.SetCapAsync(account, cap, cancellation).ConfigureAwait(false);
            Count++;
        }

        foreach (var account in _changed)
        {
            await operators.SetCapAsync(account, plan.CapNanos(account), cancellation).ConfigureAwait(false);
        }
    }
}
