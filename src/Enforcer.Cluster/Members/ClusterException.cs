namespace Enforcer.Cluster;

/// <summary>A node cannot be part of the cluster as it is set up; the message says why, and the way out.</summary>
public sealed class ClusterException : Exception
{
    /// <summary>Makes one; the message says what happened and what to do.</summary>
    public ClusterException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    public ClusterException(string message, Exception? inner) : base(message, inner)
    {
    }

    /// <summary>Makes one without a message.</summary>
    public ClusterException()
    {
    }
}
