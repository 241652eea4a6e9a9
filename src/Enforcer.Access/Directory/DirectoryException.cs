namespace Enforcer.Access;

/// <summary>The directory cannot be read or written now, or not at all.</summary>
public sealed class DirectoryException : Exception
{
    /// <summary>An error without a cause of its own.</summary>
    public DirectoryException(string message)
        : base(message)
    {
    }

    /// <summary>An error of the storage underneath.</summary>
    public DirectoryException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>An error without words; the other constructors say more.</summary>
    public DirectoryException()
    {
    }

    /// <summary>
    /// Whether the disk failed while a change was made durable. What is on it is unknown and stays so until the file
    /// is opened afresh; the process must end.
    /// </summary>
    public bool MustEndProcess { get; init; }
}
