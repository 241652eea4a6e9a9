using System.Diagnostics;
using System.Globalization;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Processes;
using Enforcer.LoadTests.Rivals;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Commands;

/// <summary>All contestants of <c>scale</c> one after the other, each with the machine to itself, run after run.</summary>
internal sealed class ScaleRun : IAsyncDisposable
{
    private const string Seeded = "seeded";
    private const string Sqlite = "sqlite";
    private const string Function16 = "postgresql function, 16 clients";
    private const string Function64 = "postgresql function, 64 clients";
    private const double MostCpu = 1.5;

    /// <summary>
    /// By so many operations of each server its code has been seen to run often. Servers that share a machine take longer to come to it, and those that compile
    /// are not what is measured.
    /// </summary>
    private const long WarmOperations = 1_000_000;

    /// <summary>A server that spends no more of a core than this on compiling has compiled what matters.</summary>
    private const double WarmCompiling = 0.02;

    /// <summary>What needs no compiling needs its caches filled all the same.</summary>
    private static readonly TimeSpan ShortWarmup = TimeSpan.FromSeconds(1);

    private readonly ScalePlan _plan;
    private readonly Report _report;
    private readonly Scoreboard _board = new();
    private readonly PostgresCluster _database;
    private readonly PostgresRival _function;
    private int _databases;

    private ScaleRun(ScalePlan plan, Report report, PostgresCluster database, PostgresRival function)
    {
        (_plan, _report) = (plan, report);
        (_database, _function) = (database, function);
    }

    /// <summary>Starts a PostgreSQL for the nodes, with accounts in it, and one for the functions.</summary>
    public static async Task<ScaleRun> OpenAsync(ScalePlan plan, Report report, CancellationToken cancellation)
    {
        var database = await PostgresCluster.StartAsync().ConfigureAwait(false);
        try
        {
            await database.CreateDatabaseAsync(Seeded).ConfigureAwait(false);
            var place = DataPlace.On(database.ConnectionTo(Seeded)) with { Node = NodeGroup.FirstNode };
            await Setup.FillAsync(place, plan.Accounts, _ => CycleLoad.CapNanos, cancellation).ConfigureAwait(false);
            return new ScaleRun(plan, report, database, await PostgresRival.StartAsync(plan.Accounts).ConfigureAwait(false));
        }
        catch
        {
            await database.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        await ProveExactAsync(cancellation).ConfigureAwait(false);
        for (var run = 0; run < _plan.Runs; run++)
        {
            await SqliteAsync(cancellation).ConfigureAwait(false);
            await FunctionAsync(cancellation).ConfigureAwait(false);
            for (var nodes = 1; nodes <= _plan.Nodes; nodes++)
            {
                await OnNodesAsync(nodes, group => NodesAsync(nodes, group, cancellation), cancellation).ConfigureAwait(false);
            }
        }

        Conclude();
    }

    public async ValueTask DisposeAsync()
    {
        await _function.DisposeAsync().ConfigureAwait(false);
        await _database.DisposeAsync().ConfigureAwait(false);
    }

    private static string SpreadOf(string name) => name + ", spread";

    private static string HotOf(string name) => name + ", one hot account";

    private static string NameOf(int nodes) => nodes == 1 ? "1 node" : nodes.ToString(CultureInfo.InvariantCulture) + " nodes";

    /// <summary>Nodes on a copy of the database that was filled, so that no run has more behind it than another.</summary>
    private async Task OnNodesAsync(int nodes, Func<NodeGroup, Task> work, CancellationToken cancellation)
    {
        var name = "run" + (++_databases).ToString(CultureInfo.InvariantCulture);
        await _database.CreateDatabaseAsync(name, Seeded).ConfigureAwait(false);
        await OnDatabaseAsync(name, nodes, work, cancellation).ConfigureAwait(false);
    }

    private async Task OnDatabaseAsync(string name, int nodes, Func<NodeGroup, Task> work, CancellationToken cancellation)
    {
        await using (var group = await NodeGroup.StartAsync(
            _plan.Enforcer, _database.ConnectionTo(name), _database.ProcessId, nodes, cancellation).ConfigureAwait(false))
        {
            await work(group).ConfigureAwait(false);
        }

        await _database.DropDatabaseAsync(name).ConfigureAwait(false);
    }

    /// <summary>On accounts whose caps are half of what is asked for, while operators change them.</summary>
    private async Task ProveExactAsync(CancellationToken cancellation)
    {
        const string Proof = "proof";
        var exact = new HammerPlan(
            new AccountPicker(Spread.Uniform, _plan.Accounts), new HammerMix(10, 0), new FleetShape(EdgeMode.Mixed, _plan.Clients, _plan.Depth, _plan.Connections),
            Operations: 200_000, TimeSpan.FromMinutes(1), CapShare: 0.5, CapChangesPerSecond: 10, CyclesPerSecond: 0, IsAudited: true, Seed: 1);
        await _database.CreateDatabaseAsync(Proof).ConfigureAwait(false);
        var place = DataPlace.On(_database.ConnectionTo(Proof)) with { Node = NodeGroup.FirstNode };
        await Setup.FillAsync(place, _plan.Accounts, exact.CapNanos, cancellation).ConfigureAwait(false);
        await OnDatabaseAsync(Proof, _plan.Nodes, async group =>
        {
            var proof = new Report("exactness");
            await using var arena = Arena.Over(group.Target, group.Data);
            await new HammerRun(exact, arena, proof).RunAsync(cancellation).ConfigureAwait(false);
            _report.TakeExactness(proof);
        }, cancellation).ConfigureAwait(false);
    }

    private async Task SqliteAsync(CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        await using var server = await Setup.StartServerAsync(_plan.Enforcer, folder, _plan.Accounts, cancellation).ConfigureAwait(false);
        await SessionsAsync(Sqlite, server.Target, null, cancellation).ConfigureAwait(false);
    }

    private async Task FunctionAsync(CancellationToken cancellation)
    {
        foreach (var (name, clients) in new[] { (Function16, 16), (Function64, 64) })
        {
            await MeasureAsync(SpreadOf(name), _function, clients, 1, _plan.Accounts, ShortWarmup, [], cancellation).ConfigureAwait(false);
            await MeasureAsync(HotOf(name), _function, clients, 1, 1, ShortWarmup, [], cancellation).ConfigureAwait(false);
        }
    }

    private async Task NodesAsync(int nodes, NodeGroup group, CancellationToken cancellation)
    {
        await SessionsAsync(NameOf(nodes), group.Target, group.ReadTrafficAsync, cancellation).ConfigureAwait(false);
    }

    /// <summary>Sessions, spread and then on one account.</summary>
    private async Task SessionsAsync(string name, Target target, Func<Task<NodeTraffic>>? read, CancellationToken cancellation)
    {
        var rival = new EnforcerRival(target, EdgeMode.Session, _plan.Connections, _plan.CyclesPerSecond);
        var before = read is null ? null : await read().ConfigureAwait(false);
        await MeasureAsync(SpreadOf(name), rival, _plan.Clients, _plan.Depth, _plan.Accounts, _plan.Warmup, [target.ProcessId, .. target.OtherProcessIds], cancellation).ConfigureAwait(false);
        if (before is not null)
            Put(name, (await read!().ConfigureAwait(false)).Since(before));
        await MeasureAsync(HotOf(name), rival, _plan.Clients, _plan.Depth, 1, ShortWarmup, [], cancellation).ConfigureAwait(false);
    }

    private void Put(string name, NodeTraffic traffic)
    {
        var figures = name.Replace(' ', '_');
        _report.Set($"passed_on_share_{figures}", traffic.PassedOnShare);
        _report.Set($"answers_per_frame_{figures}", traffic.AnswersPerFrame);
        _report.Set($"commands_per_peer_frame_{figures}", traffic.CommandsPerPeerFrame);
        _report.Set($"commands_per_batch_{figures}", traffic.CommandsPerBatch);
        Display.Say($"{name}: {traffic.PassedOnShare:P0} of the commands passed on, {traffic.CommandsPerPeerFrame:N1} in a frame; "
            + $"{traffic.AnswersPerFrame:N1} answers in a frame, {traffic.CommandsPerBatch:N0} commands in a batch");
    }

    private async Task MeasureAsync(
        string name, IRival rival, int clients, int depth, int accounts, TimeSpan warmup, IReadOnlyList<int> servers, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var load = new CycleLoad(clients, depth, accounts, warmup);
        await WarmAsync(rival, load, servers, cancellation).ConfigureAwait(false);
        var result = await Display.FollowAsync($"{name} ({_board[name].PerSecond.Count + 1} of {_plan.Runs})",
            () => Stopwatch.GetElapsedTime(started) / (_plan.Seconds + warmup), rival.RunAsync(load with { Duration = _plan.Seconds }, cancellation)).ConfigureAwait(false);
        _board[name].Add(result);
        Display.Say($"{name}: {result.PerSecond / 2:N0} cycles/s, {result.CpuPerMillion * 2:N2} CPU s per million cycles");
    }

    /// <summary>
    /// Until hot paths are compiled, which takes work, not time: on a busy machine it is gone on with.
    /// </summary>
    private static async Task WarmAsync(IRival rival, CycleLoad load, IReadOnlyList<int> servers, CancellationToken cancellation)
    {
        const int MostTimes = 12;
        var compiler = new CompilerTime(servers);
        var operations = 0L;
        for (var time = 1; time <= MostTimes; time++)
        {
            operations += (await rival.RunAsync(load, cancellation).ConfigureAwait(false)).Operations;
            if (operations >= WarmOperations * servers.Count && compiler.Next() <= WarmCompiling * servers.Count * load.Duration.TotalSeconds)
                return;
        }
    }

    private void Conclude()
    {
        for (var nodes = 2; nodes <= _plan.Nodes; nodes++)
        {
            foreach (var load in (Func<string, string>[])[SpreadOf, HotOf])
            {
                _board.Add(new Bar(
                    $"{load(NameOf(nodes))}: CPU / 1 node's", _board[load(NameOf(nodes))].CpuPerMillion.Median / _board[load(NameOf(1))].CpuPerMillion.Median, MostCpu, IsCeiling: true));
            }
        }

        for (var nodes = 1; nodes <= _plan.Nodes; nodes++)
        {
            _report.Set($"cpu_s_per_million_cycles_{nodes}_nodes_spread", _board[SpreadOf(NameOf(nodes))].CpuPerMillion.Median * 2);
            _report.Set($"cpu_s_per_million_cycles_{nodes}_nodes_hot", _board[HotOf(NameOf(nodes))].CpuPerMillion.Median * 2);
        }

        SetRatio("spread", SpreadOf);
        SetRatio("hot", HotOf);
        var all = _board[SpreadOf(NameOf(_plan.Nodes))];
        _report.Operations = all.Operations;
        _report.ThroughputPerSecond = all.PerSecond.Median;
        _report.P50Micros = all.P50Micros.Median;
        _report.P99Micros = all.P99Micros.Median;
        _report.CpuSecondsPerMillion = all.CpuPerMillion.Median;
        _board.Put(_report);
        _board.Show();
    }

    /// <summary>Throughput of one node against what it is compared with.</summary>
    private void SetRatio(string name, Func<string, string> load)
    {
        var node = _board[load(NameOf(1))].PerSecond.Median;
        _report.Set($"postgres_to_sqlite_{name}", node / _board[load(Sqlite)].PerSecond.Median);
        _report.Set($"postgres_to_function_{name}", node / Math.Max(_board[load(Function16)].PerSecond.Median, _board[load(Function64)].PerSecond.Median));
        _report.Set($"all_nodes_to_1_node_{name}", _board[load(NameOf(_plan.Nodes))].PerSecond.Median / node);
    }
}
