namespace Enforcer.Access;

/// <summary>A line of the audit trail.</summary>
/// <param name="Number">Its number: greater is later; numbers of lines that are no longer kept are missing.</param>
/// <param name="Note">What it says.</param>
public sealed record AuditLine(long Number, AuditNote Note);
