using Enforcer.Ledger;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Cluster;

/// <summary>Something that a peer was asked and has not answered yet. Exactly one of the methods is called, once, and never under a lock of the link.</summary>
internal abstract class PeerRequest(long deadline)
{
    /// <summary>The clock's timestamp after which nobody waits any more.</summary>
    public long Deadline { get; } = deadline;

    /// <summary>Writes itself into a frame of requests.</summary>
    public abstract void WriteTo(FrameBuffer frame, ulong number, long now);

    /// <summary>The outcome of a command.</summary>
    public abstract void Complete(in Outcome outcome);

    /// <summary>Another answer.</summary>
    public abstract void Complete(V1.NodeAnswer answer);

    /// <summary>The connection broke: whether it was answered, or even read, nobody knows.</summary>
    public abstract void Lose();

    /// <summary>Its time is over.</summary>
    public abstract void Expire();
}
