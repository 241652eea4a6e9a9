using System.Diagnostics;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Processes;
using Enforcer.LoadTests.Rivals;

namespace Enforcer.LoadTests.Commands;

/// <summary>All contestants one after the other, each with both cores to itself, run after run.</summary>
internal sealed class Contest(ComparePlan plan, Scoreboard board)
{
    public const string Session = "enforcer, sessions, spread";
    public const string SessionHot = "enforcer, sessions, one hot account";
    public const string Unary = "enforcer, unary, spread";
    public const string UnaryHot = "enforcer, unary, one hot account";
    public const string RedisAlways = "redis always, unpipelined";
    public const string RedisAlwaysPipelined = "redis always, pipelined by 16";
    public const string RedisEverySecond = "redis every second, unpipelined";
    public const string RedisEverySecondPipelined = "redis every second, pipelined by 16";
    public const string Postgres16 = "postgresql function, spread, 16 clients";
    public const string Postgres64 = "postgresql function, spread, 64 clients";
    public const string PostgresHot16 = "postgresql function, one hot account, 16 clients";
    public const string PostgresHot64 = "postgresql function, one hot account, 64 clients";
    public const string EmptyCall = "ceiling: empty unary call";
    public const string PlainFile = "ceiling: file, one fdatasync per 512 entries";

    private const int RedisPipeline = 16;

    /// <summary>Processes start cold in every run; by then their hot paths are compiled and their caches filled.</summary>
    public static readonly TimeSpan Warmup = TimeSpan.FromSeconds(8);

    public async Task RunAsync(CancellationToken cancellation)
    {
        for (var run = 0; run < plan.Runs; run++)
        {
            await EnforcerAsync(cancellation).ConfigureAwait(false);
            await RedisAsync("always", RedisAlways, RedisAlwaysPipelined, cancellation).ConfigureAwait(false);
            await RedisAsync("everysec", RedisEverySecond, RedisEverySecondPipelined, cancellation).ConfigureAwait(false);
            await PostgresAsync(cancellation).ConfigureAwait(false);
            await CeilingsAsync(cancellation).ConfigureAwait(false);
        }

        board.AddRatio("sessions / redis pipelined, always", Session, 4, RedisAlwaysPipelined);
        board.AddRatio("sessions / postgresql function, spread", Session, 20, Postgres16, Postgres64);
        board.AddRatio("sessions / postgresql function, one hot account", SessionHot, 100, PostgresHot16, PostgresHot64);
        board.AddRatio("unary / redis unpipelined, always", Unary, 2, RedisAlways);
        board.AddRatio("unary / empty call", Unary, 0.6, EmptyCall);
        board.AddRatio("sessions, one hot account / spread", SessionHot, 0.9, Session);
        board.Add(new Bar("sessions: CPU s per million", board[Session].CpuPerMillion.Median, 4, IsCeiling: true));
        board.Add(new Bar("unary: CPU s per million", board[Unary].CpuPerMillion.Median, 14, IsCeiling: true));
    }

    private async Task EnforcerAsync(CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        await using var server = await Setup.StartServerAsync(plan.Enforcer, folder, plan.Accounts, cancellation).ConfigureAwait(false);
        var session = new EnforcerRival(server.Target, EdgeMode.Session, plan.Connections);
        var unary = new EnforcerRival(server.Target, EdgeMode.Unary, plan.Connections);
        await MeasureAsync(Session, session, plan.Clients, plan.Depth, plan.Accounts, cancellation).ConfigureAwait(false);
        await MeasureAsync(SessionHot, session, plan.Clients, plan.Depth, 1, cancellation).ConfigureAwait(false);
        await MeasureAsync(Unary, unary, plan.Clients, 1, plan.Accounts, cancellation).ConfigureAwait(false);
        await MeasureAsync(UnaryHot, unary, plan.Clients, 1, 1, cancellation).ConfigureAwait(false);
    }

    private async Task RedisAsync(string fsync, string name, string pipelined, CancellationToken cancellation)
    {
        await using var redis = await RedisRival.StartAsync(fsync, plan.Accounts).ConfigureAwait(false);
        await MeasureAsync(name, redis, plan.Clients, 1, plan.Accounts, cancellation).ConfigureAwait(false);
        await MeasureAsync(pipelined, redis, plan.Clients, RedisPipeline, plan.Accounts, cancellation).ConfigureAwait(false);
    }

    private async Task PostgresAsync(CancellationToken cancellation)
    {
        await using var postgres = await PostgresRival.StartAsync(plan.Accounts).ConfigureAwait(false);
        await MeasureAsync(Postgres16, postgres, 16, 1, plan.Accounts, cancellation).ConfigureAwait(false);
        await MeasureAsync(Postgres64, postgres, 64, 1, plan.Accounts, cancellation).ConfigureAwait(false);
        await MeasureAsync(PostgresHot16, postgres, 16, 1, 1, cancellation).ConfigureAwait(false);
        await MeasureAsync(PostgresHot64, postgres, 64, 1, 1, cancellation).ConfigureAwait(false);
    }

    private async Task CeilingsAsync(CancellationToken cancellation)
    {
        await using var empty = await EmptyCallRival.StartAsync(plan.Connections).ConfigureAwait(false);
        await MeasureAsync(EmptyCall, empty, plan.Clients, 1, 1, cancellation).ConfigureAwait(false);
        await using var file = new FileCeiling();
        await MeasureAsync(PlainFile, file, 1, 1, 1, cancellation).ConfigureAwait(false);
    }

    private async Task MeasureAsync(string name, IRival rival, int clients, int depth, int accounts, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var warm = new CycleLoad(clients, depth, accounts, Warmup);
        await rival.RunAsync(warm, cancellation).ConfigureAwait(false);
        var work = rival.RunAsync(warm with { Duration = plan.Seconds }, cancellation);
        var result = await Display.FollowAsync($"{name} ({board[name].PerSecond.Count + 1} of {plan.Runs})",
            () => Stopwatch.GetElapsedTime(started) / (plan.Seconds + warm.Duration), work).ConfigureAwait(false);
        board[name].Add(result);
        Display.Say($"{name}: {result.PerSecond:N0} operations/s, {result.CpuPerMillion:N2} CPU s per million");
    }
}
