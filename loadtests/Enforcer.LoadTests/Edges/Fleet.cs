using System.Diagnostics;
using Enforcer.LoadTests.Audit;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Edges;

/// <summary>A number of edges that run side by side against one server until their work or their time is over.</summary>
internal sealed class Fleet
{
    private readonly Target _target;
    private readonly FleetShape _shape;
    private readonly int _accounts;
    private readonly EdgeRun[] _runs;
    private volatile bool _stopped;
    private long _stopAt = long.MaxValue;
    private int _retries;
    private int _silences;

    /// <param name="target">The server.</param>
    /// <param name="shape">How many edges, and how they talk.</param>
    /// <param name="accounts">Account numbers are below this.</param>
    /// <param name="source">Makes the work of an edge, by its number.</param>
    /// <param name="answersFolder">Where answers are noted; null for nowhere.</param>
    /// <param name="seed">Decides the operation ids.</param>
    public Fleet(Target target, FleetShape shape, int accounts, Func<int, ICycleSource> source, string? answersFolder, int seed)
    {
        _target = target;
        _shape = shape;
        _accounts = accounts;
        _runs = [.. Enumerable.Range(0, shape.Edges).Select(edge => new EdgeRun(
            source(edge),
            new OperationIds(new Random(unchecked((seed * 100_003) + edge)), TimeProvider.System),
            new Tally(),
            answersFolder is null ? null : new AnswerLog(answersFolder, edge)))];
    }

    /// <summary>Answers so far; read while the edges run.</summary>
    public long Operations => _runs.Sum(run => run.Tally.Operations);

    /// <summary>Commands and sessions that had to be tried again.</summary>
    public int Retries => _retries;

    /// <summary>How often a node that was connected answered nothing for longer than it may.</summary>
    public int Silences => _silences;

    /// <summary>Failures with a status that tells a client nothing, and the last of them.</summary>
    public (int Count, string? Last) Puzzles =>
        (_runs.Sum(run => run.Puzzles), _runs.Select(run => run.LastPuzzle).LastOrDefault(puzzle => puzzle is not null));

    /// <summary>No new cycles from now on; what is in flight comes to its end.</summary>
    public void Stop() => _stopped = true;

    public async Task<LoadResult> RunAsync(TimeSpan? duration, CancellationToken cancellation)
    {
        await using var links = new FleetLinks(_target, _shape, _accounts);
        using var pacer = new Pacer();
        var meter = new CpuMeter([_target.ProcessId, .. _target.OtherProcessIds], _target.DatabaseProcessId);
        var started = Stopwatch.GetTimestamp();
        if (duration is { } limit)
            _stopAt = started + (long)(limit.TotalSeconds * Stopwatch.Frequency);
        try
        {
            await Task.WhenAll(_runs.Select((run, edge) => Task.Run(() => RunEdgeAsync(edge, run, links, pacer, cancellation), cancellation)))
                .ConfigureAwait(false);
            return Tally.Sum(_runs.Select(run => run.Tally), Stopwatch.GetElapsedTime(started), meter.Read());
        }
        finally
        {
            Array.ForEach(_runs, run => run.Answers?.Dispose());
        }
    }

    private async Task RunEdgeAsync(int edge, EdgeRun run, FleetLinks links, Pacer pacer, CancellationToken cancellation)
    {
        int retries;
        switch (_shape.ModeOf(edge))
        {
            case EdgeMode.Session:
                var session = new SessionEdge(links.RingOf(edge), run, links.Utf8Names, _shape.Depth);
                await session.RunAsync(IsOver, cancellation).ConfigureAwait(false);
                retries = session.Reconnects;
                Interlocked.Add(ref _silences, session.Silences);
                break;
            case EdgeMode.Sdk:
                using (var sdk = new SdkEdge(links.SessionOf(edge), run, links.References, _shape.Depth))
                {
                    await sdk.RunAsync(IsOver, cancellation).ConfigureAwait(false);
                    retries = sdk.Retries;
                }

                break;
            default:
                var unary = new UnaryEdge(links.RingOf(edge), run, links.Messages, pacer);
                await unary.RunAsync(IsOver, cancellation).ConfigureAwait(false);
                retries = unary.Retries;
                break;
        }

        Interlocked.Add(ref _retries, retries);
    }

    private bool IsOver() => _stopped || Stopwatch.GetTimestamp() >= _stopAt;
}
