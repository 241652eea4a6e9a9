namespace Enforcer.Journal;

/// <summary>Another owner has claimed the journal; this one may not write any more and must end.</summary>
public sealed class JournalFencedException : Exception
{
    /// <summary>Makes one; the message says what happened and what to do.</summary>
    public JournalFencedException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    public JournalFencedException(string message, Exception? inner) : base(message, inner)
    {
    }

    /// <summary>Makes one without a message.</summary>
    public JournalFencedException()
    {
    }
}
