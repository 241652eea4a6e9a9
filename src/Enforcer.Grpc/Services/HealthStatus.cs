namespace Enforcer.Grpc;

/// <summary>Whether a service can serve; the numbers are those on the wire.</summary>
public enum HealthStatus
{
    /// <summary>Not known yet.</summary>
    Unknown = 0,

    /// <summary>It serves.</summary>
    Serving = 1,

    /// <summary>It cannot serve now.</summary>
    NotServing = 2,
}
