namespace Enforcer.Cluster;

/// <summary>A connection to another node broke, or cannot be made.</summary>
public sealed class PeerLostException : Exception
{
    /// <summary>Makes one; the message says what happened.</summary>
    public PeerLostException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    public PeerLostException(string message, Exception? inner) : base(message, inner)
    {
    }

    /// <summary>Makes one without a message.</summary>
    public PeerLostException()
    {
    }
}
