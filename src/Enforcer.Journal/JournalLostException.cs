namespace Enforcer.Journal;

/// <summary>Records were lost, or nobody knows whether they are durable: drop the account and load it again; nothing is guessed.</summary>
public sealed class JournalLostException : Exception
{
    /// <summary>Makes one; the message says what happened and what to do.</summary>
    public JournalLostException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    public JournalLostException(string message, Exception? inner) : base(message, inner)
    {
    }

    /// <summary>Makes one without a message.</summary>
    public JournalLostException()
    {
    }
}
