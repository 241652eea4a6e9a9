namespace Enforcer.Cluster;

/// <summary>
/// A connection between two nodes: what is sent arrives in order and whole, or the connection breaks. Disposing it breaks it.
/// </summary>
public interface IPeerConnection : IAsyncDisposable
{
    /// <summary>Sends a frame, one at a time; completes when its memory may be used again, and not before the other side keeps up.</summary>
    /// <exception cref="PeerLostException">The connection broke; whether the frame arrives is not known.</exception>
    ValueTask SendAsync(ReadOnlyMemory<byte> frame);

    /// <summary>The next frame, good until the next call; null when the other side has ended the connection.</summary>
    /// <exception cref="PeerLostException">The connection broke.</exception>
    ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync();
}
