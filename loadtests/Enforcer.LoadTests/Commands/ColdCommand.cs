using System.CommandLine;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Processes;
using Enforcer.LoadTests.Rivals;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Commands;

/// <summary><c>cold</c>: how soon a server with many accounts in its journal serves, and what the first touch of an account costs that is not in memory.</summary>
internal static class ColdCommand
{
    /// <summary>No number of accounts that anybody asks for is divisible by this prime.</summary>
    private const long Step = 15_485_863;

    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TouchedWithin = TimeSpan.FromMilliseconds(20);
    /// <summary>What is left of an account that has left memory; a heap that has grown does not give all of it back at once.</summary>
    private const double IdleBytes = 64;

    private static readonly Option<int> Active = new("--active") { Description = "Accounts that are touched, and forgotten when they are idle, to see what memory they take; 0: none. Names are kept for the last 131,072 accounts: of fewer than a million that shows", DefaultValueFactory = _ => 1_000_000 };
    private static readonly Option<int> Accounts = new("--accounts") { Description = "Accounts in the journal", DefaultValueFactory = _ => 1_000_000 };
    private static readonly Option<int> Touches = new("--touches") { Description = "Accounts to touch", DefaultValueFactory = _ => 20_000 };

    public static Command Create()
    {
        var command = new Command("cold", """
            Starts a server on many accounts, touches some of them for the first time, and shows what memory active and idle accounts take

            Examples:
              cold --postgres own --json cold.json
              cold --accounts 100000 --touches 5000 --active 0
            """) { Accounts, Touches, Active, CommonOptions.Json, CommonOptions.Enforcer, CommonOptions.Data, CommonOptions.Postgres };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var report = new Report("cold") { ["accounts"] = parsed.GetValue(Accounts) };
        await using var arena = await Arena.OpenAsync(parsed, parsed.GetValue(Accounts), _ => CycleLoad.CapNanos, cancellation).ConfigureAwait(false);
        return await Reporting.RunAsync(parsed, report, () => arena.ServerOutput, () => TouchAsync(parsed, arena, report, cancellation)).ConfigureAwait(false);
    }

    private static async Task TouchAsync(ParseResult parsed, Arena arena, Report report, CancellationToken cancellation)
    {
        var readyMs = arena.Server!.ReadyAfter.TotalMilliseconds;
        report.Set("ready_ms", readyMs);
        report["server_resident_bytes_at_start"] = ProcessTree.ResidentBytes(arena.Target.ProcessId);
        // The first calls of a process are slow for reasons of their own: they compile what they run.
        await FleetFrom(parsed, arena, 0).RunAsync(null, cancellation).ConfigureAwait(false);
        var fleet = FleetFrom(parsed, arena, parsed.GetValue(Touches) * Step);
        var result = await Display.FollowAsync(
            $"touching {parsed.GetValue(Touches):N0} accounts", () => fleet.Operations / (2.0 * parsed.GetValue(Touches)), fleet.RunAsync(null, cancellation)).ConfigureAwait(false);
        Reporting.SetLoad(report, result);
        if (parsed.GetValue(Active) > 0)
            await RememberAsync(arena, Math.Min(parsed.GetValue(Active), parsed.GetValue(Accounts)), report, cancellation).ConfigureAwait(false);
        if (readyMs > ReadyWithin.TotalMilliseconds)
            report.Fail($"the server took {readyMs:0} ms to be ready; {ReadyWithin.TotalMilliseconds:0} are allowed");
        if (result.ReserveLatency.Percentile(99) is var p99 && p99 > TouchedWithin.TotalNanoseconds)
            report.Fail($"a first touch took {p99 / 1_000_000.0:0.0} ms at the 99th percentile; {TouchedWithin.TotalMilliseconds:0} are allowed");
    }

    /// <summary>What memory the server has before many accounts are touched, after, and when they have left memory again.</summary>
    private static async Task RememberAsync(Arena arena, int accounts, Report report, CancellationToken cancellation)
    {
        var memory = new ServerMemory(arena.Target);
        await memory.WaitUntilIdleAsync(cancellation).ConfigureAwait(false);
        var before = await memory.ReadAsync(cancellation).ConfigureAwait(false);
        var walk = new Fleet(arena.Target, new FleetShape(EdgeMode.Session, 1, 256, 1), accounts, _ => new WalkSource(accounts), null, seed: 3);
        await Display.FollowAsync($"touching {accounts:N0} accounts", () => walk.Operations / (2.0 * accounts), walk.RunAsync(null, cancellation)).ConfigureAwait(false);
        var active = await memory.ReadAsync(cancellation).ConfigureAwait(false);
        Display.Say("waiting until all accounts have left memory");
        await memory.WaitUntilIdleAsync(cancellation).ConfigureAwait(false);
        var idle = await memory.ReadAsync(cancellation).ConfigureAwait(false);
        // Of very many some leave again while the last are touched.
        report["active_accounts"] = active.Accounts;
        foreach (var (name, now) in new[] { ("before", before), ("active", active), ("idle", idle) })
        {
            report[$"resident_bytes_{name}"] = now.ResidentBytes;
            report[$"heap_bytes_{name}"] = now.HeapBytes;
        }

        report.Set("heap_bytes_per_active_account", (double)(active.HeapBytes - before.HeapBytes) / Math.Max(1, active.Accounts - before.Accounts));
        var perIdle = Math.Max(0, (double)(idle.HeapBytes - before.HeapBytes) / accounts);
        report.Set("heap_bytes_per_idle_account", perIdle);
        report.Set("resident_bytes_per_idle_account", Math.Max(0, (double)(idle.ResidentBytes - before.ResidentBytes) / accounts));
        if (perIdle > IdleBytes)
            report.Fail($"an account that is idle again takes {perIdle:0} bytes; {IdleBytes:0} are allowed");
    }

    /// <summary>A few edges with a call each in flight: how long one waits, not how many fit.</summary>
    private static Fleet FleetFrom(ParseResult parsed, Arena arena, long first)
    {
        const int Edges = 4;
        var (accounts, each) = (parsed.GetValue(Accounts), parsed.GetValue(Touches) / Edges);
        return new Fleet(arena.Target, new FleetShape(EdgeMode.Unary, Edges, 1, 2), accounts,
            edge => new ColdSource(accounts, first + (edge * each * Step), Step, each), null, seed: (int)(first % 1_000));
    }
}
