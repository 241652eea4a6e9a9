namespace Enforcer.Cluster;

/// <summary>Connects to other nodes.</summary>
public interface IPeerNetwork
{
    /// <summary>Connects to a node, whose <see cref="PeerSession"/> answers.</summary>
    /// <exception cref="PeerLostException">It cannot be reached, or does not take this node for one of its cluster.</exception>
    Task<IPeerConnection> ConnectAsync(string node, Uri address, CancellationToken cancel);
}
