namespace Enforcer.Journal;

/// <summary>What was read is not what was written: bits flipped, or somebody edited, cut or reordered the journal.</summary>
public sealed class JournalCorruptException : Exception
{
    /// <summary>Makes one; the message says what is wrong.</summary>
    public JournalCorruptException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    public JournalCorruptException(string message, Exception? inner) : base(message, inner)
    {
    }

    /// <summary>Makes one without a message.</summary>
    public JournalCorruptException()
    {
    }

    /// <summary>The batch in which it was found; 0 if it cannot be told.</summary>
    public long Batch { get; init; }

    /// <summary>The first account concerned; 0 if it cannot be told.</summary>
    public long Account { get; init; }

    /// <summary>True if this has been known since the start, and the account set aside (<see cref="JournalOptions.ServeDamaged"/>).</summary>
    public bool IsSetAside { get; init; }

    /// <summary>The first entry of that account that is not sound; 0 if it cannot be told.</summary>
    public long Seq { get; init; }
}
