namespace Enforcer.Client;

/// <summary>The commands that a session carries.</summary>
public enum SessionCommandKind
{
    /// <summary>Sets money, tokens and a request slot aside.</summary>
    Reserve,

    /// <summary>Raises an open reservation.</summary>
    Extend,

    /// <summary>Settles a reservation at its real cost.</summary>
    Commit,

    /// <summary>Ends a reservation of a call that was never made.</summary>
    Release,
}
