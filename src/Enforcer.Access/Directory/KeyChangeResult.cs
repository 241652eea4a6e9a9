namespace Enforcer.Access;

/// <summary>Whether a key was rotated, or the first rule against it.</summary>
public enum KeyChangeResult
{
    /// <summary>Done and durable.</summary>
    Done,

    /// <summary>There is no such key.</summary>
    UnknownKey,

    /// <summary>It is revoked: make a new key instead.</summary>
    Revoked,

    /// <summary>It has a successor: rotate that one.</summary>
    HasSuccessor,
}
