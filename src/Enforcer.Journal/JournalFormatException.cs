namespace Enforcer.Journal;

/// <summary>The journal was written in a format that this version does not know.</summary>
public sealed class JournalFormatException : Exception
{
    /// <summary>Makes one; the message says what happened and what to do.</summary>
    public JournalFormatException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    public JournalFormatException(string message, Exception? inner) : base(message, inner)
    {
    }

    /// <summary>Makes one without a message.</summary>
    public JournalFormatException()
    {
    }
}
