namespace Enforcer.Journal;

/// <summary>The journal cannot be written or read at present; nothing was changed. It recovers by itself.</summary>
public sealed class JournalUnavailableException : Exception
{
    /// <summary>Makes one; the message says what happened and what to do.</summary>
    public JournalUnavailableException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    public JournalUnavailableException(string message, Exception? inner) : base(message, inner)
    {
    }

    /// <summary>Makes one without a message.</summary>
    public JournalUnavailableException()
    {
    }
}
