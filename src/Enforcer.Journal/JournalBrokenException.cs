namespace Enforcer.Journal;

/// <summary>
/// An fsync failed: not even the operating system knows what the disk holds, and it says so only once. Nothing may be written or told any
/// more; the process must end.
/// </summary>
public sealed class JournalBrokenException : Exception
{
    /// <summary>Makes one; the message says what happened and what to do.</summary>
    public JournalBrokenException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    public JournalBrokenException(string message, Exception? inner) : base(message, inner)
    {
    }

    /// <summary>Makes one without a message.</summary>
    public JournalBrokenException()
    {
    }
}
