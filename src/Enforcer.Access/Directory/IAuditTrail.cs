namespace Enforcer.Access;

/// <summary>
/// Who changed what, and who was turned away. Bounded: of each kind the newest are kept, so a flood of refusals cannot
/// push the changes out.
/// </summary>
public interface IAuditTrail
{
    /// <summary>Adds a line that belongs to no change of keys or tokens. Durable when it completes.</summary>
    ValueTask AppendAsync(AuditNote note, CancellationToken cancellation);

    /// <summary>Lines, newest first.</summary>
    /// <param name="kind">Only these; null for all.</param>
    /// <param name="before">Only lines with a smaller number; 0 for the newest.</param>
    /// <param name="count">At most this many: 1 to <see cref="DirectoryRules.MaxPage"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<IReadOnlyList<AuditLine>> QueryAsync(AuditKind? kind, long before, int count, CancellationToken cancellation);
}
