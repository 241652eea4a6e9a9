using System.Diagnostics;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Processes;
using Enforcer.LoadTests.Rivals;

namespace Enforcer.LoadTests.Commands;

/// <summary>
/// The long runs: sessions at full speed, and unary calls at half of the speed that they have reached, each with probes of
/// the ledger besides. Snapshots, heads and ledger work are in these figures.
/// </summary>
internal sealed class Endurance(ComparePlan plan, Scoreboard board, Report report)
{
    public const string Sustained = "enforcer, sessions, sustained";

    private const string HalfLoad = "enforcer, unary at half load";
    private const double FindWithinSeconds = 10;
    private const double ReserveP99Millis = 5;

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        // One account more than the load spends from: the one that is probed.
        await using var server = await Setup.StartServerAsync(plan.Enforcer, folder, plan.Accounts + 1, cancellation).ConfigureAwait(false);
        var prober = new Prober(server.Target, plan.Accounts);
        var session = new EnforcerRival(server.Target, EdgeMode.Session, plan.Connections);
        await LongAsync(Sustained, session, plan.Depth, prober, cancellation).ConfigureAwait(false);
        board.AddRatio("sessions sustained / redis pipelined, always", Sustained, 4, Contest.RedisAlwaysPipelined);

        var cycles = board[Contest.Unary].PerSecond.Median / 2 / 2;
        var unary = new EnforcerRival(server.Target, EdgeMode.Unary, plan.Connections, cycles);
        // This server has seen sessions only: as for every contestant, its unary path is compiled first.
        await unary.RunAsync(new CycleLoad(plan.Clients, 1, plan.Accounts, Contest.Warmup), cancellation).ConfigureAwait(false);
        var result = await LongAsync(HalfLoad, unary, 1, prober, cancellation).ConfigureAwait(false);
        report.Set("half_load_cycles_per_s", cycles);
        report.Set("half_load_reserve_p50_us", result.ReserveLatency.Percentile(50) / 1_000.0);
        board.Add(new Bar("unary Reserve at half load: p99 ms", result.ReserveLatency.Percentile(99) / 1_000_000.0, ReserveP99Millis, IsCeiling: true));
        board.Add(new Bar("operation id findable after s", prober.WorstById.TotalSeconds, FindWithinSeconds, IsCeiling: true));
        board.Add(new Bar("account's history findable after s", prober.WorstInHistory.TotalSeconds, FindWithinSeconds, IsCeiling: true));
        report["ledger_probes"] = prober.Probes;
        report["sustained_server_resident_bytes"] = ProcessTree.ResidentBytes(server.Target.ProcessId);
    }

    private async Task<LoadResult> LongAsync(string name, EnforcerRival rival, int depth, Prober prober, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var started = Stopwatch.GetTimestamp();
        var probing = prober.RunAsync(over.Token);
        var work = rival.RunAsync(new CycleLoad(plan.Clients, depth, plan.Accounts, plan.Sustained), cancellation);
        var result = await Display.FollowAsync(name, () => Stopwatch.GetElapsedTime(started) / plan.Sustained, work).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await probing.ConfigureAwait(false);
        board[name].Add(result);
        Display.Say($"{name}: {result.PerSecond:N0} operations/s, Reserve p99 {result.ReserveLatency.Percentile(99) / 1_000.0:N0} us");
        return result;
    }
}
