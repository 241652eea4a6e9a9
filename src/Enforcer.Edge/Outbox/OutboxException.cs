namespace Enforcer.Edge.Outbox;

/// <summary>The outbox cannot be used; the message says why, and the way out.</summary>
public sealed class OutboxException : Exception
{
    /// <summary>Makes one with a message.</summary>
    public OutboxException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    public OutboxException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Makes one without a message.</summary>
    public OutboxException()
    {
    }
}
