namespace Enforcer.Access;

/// <summary>Whether a token was revoked, or the first rule against it.</summary>
public enum TokenChangeResult
{
    /// <summary>It is revoked, now or before, and that is durable.</summary>
    Done,

    /// <summary>There is no such token.</summary>
    UnknownToken,

    /// <summary>It is the last admin token in force: make another one first.</summary>
    LastAdmin,
}
