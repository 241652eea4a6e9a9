namespace Enforcer.Access;

/// <summary>The two kinds of lines in the audit trail, each with a bound of its own. The numbers are stored.</summary>
public enum AuditKind
{
    /// <summary>Somebody changed something.</summary>
    Change = 1,

    /// <summary>Somebody was turned away: a wrong token, a wrong role.</summary>
    Refusal = 2,
}
