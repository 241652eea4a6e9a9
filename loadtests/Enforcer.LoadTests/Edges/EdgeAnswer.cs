using Enforcer.Protocol.V1;

namespace Enforcer.LoadTests.Edges;

/// <summary>What an edge reads from an <c>Outcome</c>.</summary>
internal readonly record struct EdgeAnswer(
    int Number, Refusal Refusal, long HeldNanos, long ChargedNanos, long OverrunNanos, long Seq)
{
    public bool IsGranted => Refusal == Refusal.Granted;

    /// <summary>No answer to the command itself: it is to be sent again under the same id.</summary>
    public bool IsRetry => Refusal is Refusal.Unavailable or Refusal.Busy;

    public static EdgeAnswer From(Outcome outcome) => new(
        (int)outcome.Number, outcome.Refusal, outcome.HeldNanos, outcome.ChargedNanos, outcome.OverrunNanos, outcome.Seq);
}
