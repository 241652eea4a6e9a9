namespace Enforcer.Edge.Protocols;

/// <summary>What becomes of an event of a stream.</summary>
internal enum EventFate
{
    /// <summary>The customer gets it.</summary>
    Pass,

    /// <summary>The customer did not ask for it.</summary>
    Hide,
}
