namespace Enforcer.Edge.Proxy;

/// <summary>How a stream ended.</summary>
internal enum StreamEnd
{
    /// <summary>The upstream ended it in good order.</summary>
    Whole,

    /// <summary>The upstream broke off, was silent for too long, or said that it failed.</summary>
    Cut,

    /// <summary>The customer has gone, and the usage did not come within the bounds of draining.</summary>
    Left,

    /// <summary>No more was granted: the edge ended it as the provider ends an answer at its limit.</summary>
    Refused,
}
