namespace Enforcer.Journal;

/// <summary>The account belongs to another node, which alone may append to it: ask that one.</summary>
public sealed class JournalElsewhereException : Exception
{
    /// <summary>Makes one; the message says whose the account is.</summary>
    public JournalElsewhereException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    public JournalElsewhereException(string message, Exception? inner) : base(message, inner)
    {
    }

    /// <summary>Makes one without a message.</summary>
    public JournalElsewhereException()
    {
    }

    /// <summary>The name of the node that owns the account.</summary>
    public string Node { get; init; } = "";

    /// <summary>Counts the account's owners; a higher one is newer.</summary>
    public long Epoch { get; init; }
}
