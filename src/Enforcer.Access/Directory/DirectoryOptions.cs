namespace Enforcer.Access;

/// <summary>What a directory keeps.</summary>
public sealed record DirectoryOptions
{
    /// <summary>How many lines of each <see cref="AuditKind"/> the audit trail keeps: 1 to 10,000,000.</summary>
    public int AuditLinesPerKind { get; init; } = 100_000;

    /// <summary>
    /// Called once when a change failed in a way that nobody knows what the disk holds (<see cref="DirectoryException.MustEndProcess"/>): the
    /// process must end.
    /// </summary>
    public Action<Exception>? OnEnded { get; init; }

    /// <summary>Refuses figures out of their bounds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A figure is out of its bounds.</exception>
    public void Validate()
    {
        if (AuditLinesPerKind is < 1 or > 10_000_000)
            throw new ArgumentOutOfRangeException(nameof(AuditLinesPerKind), AuditLinesPerKind, "AuditLinesPerKind is 1 to 10,000,000.");
    }
}
