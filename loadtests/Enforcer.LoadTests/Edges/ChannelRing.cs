using Enforcer.Grpc;

namespace Enforcer.LoadTests.Edges;

/// <summary>The channels of one edge, one for each node that it knows: one is in use, the next one when that fails. For one thread at a time.</summary>
internal sealed class ChannelRing(IReadOnlyList<GrpcChannel> channels, int first)
{
    private int _at = first % channels.Count;

    public GrpcChannel Current => channels[_at];

    /// <summary>Whether there is another node to go to.</summary>
    public bool HasOthers => channels.Count > 1;

    public void MoveOn() => _at = (_at + 1) % channels.Count;
}
