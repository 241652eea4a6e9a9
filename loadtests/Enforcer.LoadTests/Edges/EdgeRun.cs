using Enforcer.LoadTests.Audit;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Edges;

/// <summary>What one edge needs for one run.</summary>
/// <param name="Source">What it is asked to do.</param>
/// <param name="Ids">Where its operation ids come from.</param>
/// <param name="Tally">What it counts.</param>
/// <param name="Answers">Where each answer is noted for the audit; null where nothing is audited.</param>
internal sealed record EdgeRun(ICycleSource Source, OperationIds Ids, Tally Tally, AnswerLog? Answers)
{
    private int _puzzles;

    /// <summary>Failures that no client can make sense of: neither is the server away, nor was the call wrong.</summary>
    public int Puzzles => _puzzles;

    /// <summary>The last of them.</summary>
    public string? LastPuzzle { get; private set; }

    public void Puzzle(Exception failure)
    {
        _puzzles++;
        LastPuzzle = failure.Message;
    }

    public void Note(in EdgeCommand command, in EdgeAnswer answer, long nanos, bool wasResent)
    {
        Tally.Operations++;
        if (!answer.IsGranted)
            Tally.Refusals++;
        Tally.Latency.Record(nanos);
        if (command.Verb == EdgeVerb.Reserve)
            Tally.ReserveLatency.Record(nanos);
        Answers?.Add(command, answer, wasResent);
    }

    public EdgeCommand Reserve(in Cycle cycle) => new(
        EdgeVerb.Reserve, Ids.Next(), default, cycle.Account, cycle.ReserveNanos, cycle.AtLeastNanos, cycle.TtlMs);

    /// <summary>The command that ends a granted cycle; null if its edge never comes back.</summary>
    public EdgeCommand? End(in Cycle cycle, in EdgeCommand reserve, long grantedNanos) => cycle.Ending switch
    {
        Ending.Commit => new(EdgeVerb.Commit, Ids.Next(), reserve.OperationId, cycle.Account, Math.Min(cycle.CostNanos, grantedNanos), 0, 0),
        Ending.CommitGranted => new(EdgeVerb.Commit, Ids.Next(), reserve.OperationId, cycle.Account, grantedNanos, 0, 0),
        Ending.Release => new(EdgeVerb.Release, Ids.Next(), reserve.OperationId, cycle.Account, 0, 0, 0),
        _ => null,
    };
}
