namespace Enforcer.Cluster;

/// <summary>A node's certificate, its key or the authority cannot be used; the message names the setting, what is wrong with it and the way out.</summary>
public sealed class PeerCertificateException : Exception
{
    /// <summary>Makes one; the message says what is wrong.</summary>
    public PeerCertificateException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    public PeerCertificateException(string message, Exception? inner) : base(message, inner)
    {
    }

    /// <summary>Makes one without a message.</summary>
    public PeerCertificateException()
    {
    }
}
