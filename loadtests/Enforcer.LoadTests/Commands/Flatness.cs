using Enforcer.LoadTests.Audit;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Processes;
using Enforcer.LoadTests.Rivals;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Commands;

/// <summary>
/// Whether cost depends on how many accounts there are: three servers with 10, 10,000 and 1,000,000 accounts, taking turns,
/// with uniform access to at most 10,000 of them; then what an account costs in memory, idle and active.
/// </summary>
internal sealed class Flatness(ComparePlan plan, Scoreboard board, Report report)
{
    private const int Active = 10_000;
    private const int MemoryAccounts = 300_000;

    /// <summary>Idle accounts cost nothing; two processes differ by some tens of megabytes all the same.</summary>
    private const double NoiseBytes = 64;

    /// <summary>Long enough for the heads of all that was touched to be written, short enough that no account leaves memory yet.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);

    private static readonly int[] Sizes = [10, 10_000, 1_000_000];

    public async Task RunAsync(CancellationToken cancellation)
    {
        var servers = new List<(TempFolder Folder, ServerProcess Server)>();
        try
        {
            foreach (var size in Sizes)
            {
                var folder = new TempFolder();
                servers.Add((folder, await Setup.StartServerAsync(plan.Enforcer, folder, size, cancellation).ConfigureAwait(false)));
            }

            await MeasureAsync([.. servers.Select(each => each.Server)], cancellation).ConfigureAwait(false);
            await MemoryAsync(servers[0].Server, servers[^1].Server, cancellation).ConfigureAwait(false);
            await JournalAsync(servers[1].Server, cancellation).ConfigureAwait(false);
        }
        finally
        {
            foreach (var (folder, server) in servers)
            {
                await server.DisposeAsync().ConfigureAwait(false);
                folder.Dispose();
            }
        }
    }

    private async Task MeasureAsync(IReadOnlyList<ServerProcess> servers, CancellationToken cancellation)
    {
        for (var run = 0; run <= plan.Runs; run++)
        {
            for (var i = 0; i < Sizes.Length; i++)
            {
                var rival = new EnforcerRival(servers[i].Target, EdgeMode.Session, plan.Connections);
                var result = await rival.RunAsync(
                    new CycleLoad(plan.Clients, plan.Depth, Math.Min(Active, Sizes[i]), plan.Seconds), cancellation).ConfigureAwait(false);
                Display.Say($"{Name(Sizes[i])}: {result.PerSecond:N0} operations/s{(run == 0 ? " (warm-up, does not count)" : "")}");
                if (run > 0)
                    board[Name(Sizes[i])].Add(result);
            }
        }

        var medians = Sizes.Select(size => board[Name(size)].PerSecond.Median).ToArray();
        board.Add(new Bar("slowest / fastest of 10, 10,000 and 1,000,000 accounts", medians.Min() / medians.Max(), 0.8));
    }

    /// <summary>
    /// Both servers are started anew, so that nothing is active, and warmed up alike on ten accounts. What the large one has
    /// more in memory is what idle accounts cost; what it gains while accounts become active is what those cost.
    /// </summary>
    private async Task MemoryAsync(ServerProcess small, ServerProcess large, CancellationToken cancellation)
    {
        var smallBytes = await WarmBytesAsync(small, cancellation).ConfigureAwait(false);
        var idleBytes = await WarmBytesAsync(large, cancellation).ConfigureAwait(false);
        await TouchAsync(large, MemoryAccounts, cancellation).ConfigureAwait(false);
        var activeBytes = await SettledBytesAsync(large).ConfigureAwait(false);
        // Those touched first may have left again where touching took long.
        var active = await ServerMetrics.ReadAsync(large.Target.HttpAddress, "enforcer_accounts_active").ConfigureAwait(false) ?? 0;
        report["resident_bytes_10_accounts"] = smallBytes;
        report["resident_bytes_1000000_idle_accounts"] = idleBytes;
        report["resident_bytes_with_active_accounts"] = activeBytes;
        report["active_accounts"] = active;
        board.Add(new Bar("resident bytes per idle account", Math.Max(0, (double)(idleBytes - smallBytes) / Sizes[^1]), NoiseBytes, IsCeiling: true));
        board.Add(new Bar("resident bytes per active account", (activeBytes - idleBytes) / active, 1_024, IsCeiling: true));
    }

    private async Task JournalAsync(ServerProcess server, CancellationToken cancellation)
    {
        await server.KillAsync().ConfigureAwait(false);
        var (bytes, entries) = await JournalFacts.MeasureAsync(server.Data, cancellation).ConfigureAwait(false);
        report["journal_bytes"] = bytes;
        report["journal_entries"] = entries;
        board.Add(new Bar("journal bytes per operation", (double)bytes / entries, 120, IsCeiling: true));
    }

    private async Task<long> WarmBytesAsync(ServerProcess server, CancellationToken cancellation)
    {
        await server.KillAndRestartAsync().ConfigureAwait(false);
        var rival = new EnforcerRival(server.Target, EdgeMode.Session, plan.Connections);
        await rival.RunAsync(new CycleLoad(plan.Clients, plan.Depth, 10, plan.Seconds), cancellation).ConfigureAwait(false);
        return await SettledBytesAsync(server).ConfigureAwait(false);
    }

    private static async Task<long> SettledBytesAsync(ServerProcess server)
    {
        await Task.Delay(Settling).ConfigureAwait(false);
        return ProcessTree.ResidentBytes(server.Target.ProcessId);
    }

    private static async Task TouchAsync(ServerProcess server, int accounts, CancellationToken cancellation)
    {
        var walk = new WalkSource(accounts);
        var fleet = new Fleet(server.Target, new FleetShape(EdgeMode.Session, 1, 256, 1), accounts, _ => walk, answersFolder: null, seed: 3);
        await fleet.RunAsync(null, cancellation).ConfigureAwait(false);
    }

    private static string Name(int accounts) => $"sessions with {accounts:N0} accounts";
}
