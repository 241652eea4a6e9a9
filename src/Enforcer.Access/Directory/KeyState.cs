namespace Enforcer.Access;

/// <summary>Whether a key is accepted. Only operators get to see which of the other two it is.</summary>
public enum KeyState
{
    /// <summary>It is accepted.</summary>
    Active,

    /// <summary>Its overlap after a rotation has ended.</summary>
    Expired,

    /// <summary>An operator ended it.</summary>
    Revoked,
}
