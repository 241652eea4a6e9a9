namespace Enforcer.LoadTests.Processes;

/// <summary>What some nodes have done up to a moment, together: how well they batch, whatever else the machine does.</summary>
/// <param name="Commands">Commands of edges that were answered.</param>
/// <param name="AnswerFrames">Frames that these answers left in, or calls.</param>
/// <param name="PassedOn">Commands that came to one node and were passed on to another.</param>
/// <param name="PeerFrames">Frames that these were passed on in.</param>
/// <param name="Batches">Batches made durable.</param>
internal sealed record NodeTraffic(double Commands, double AnswerFrames, double PassedOn, double PeerFrames, double Batches)
{
    /// <summary>The share of commands that came to the wrong node.</summary>
    public double PassedOnShare => PassedOn / Commands;

    /// <summary>Commands answered in one frame.</summary>
    public double AnswersPerFrame => Commands / AnswerFrames;

    /// <summary>Commands passed on in one frame; 0 if none were.</summary>
    public double CommandsPerPeerFrame => PassedOn / Math.Max(1, PeerFrames);

    /// <summary>Commands made durable together.</summary>
    public double CommandsPerBatch => Commands / Batches;

    /// <summary>What they have done since an earlier moment.</summary>
    public NodeTraffic Since(NodeTraffic earlier) => new(
        Commands - earlier.Commands, AnswerFrames - earlier.AnswerFrames, PassedOn - earlier.PassedOn, PeerFrames - earlier.PeerFrames, Batches - earlier.Batches);
}
