using Enforcer.Edge.Options;
using Enforcer.Edge.Requests;

namespace Enforcer.Edge.Protocols;

/// <summary>One kind of call of a provider.</summary>
internal abstract class Operation
{
    /// <summary>Whose it is.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>Reads a request and bounds what it can use.</summary>
    /// <param name="body">The request's JSON. Stays open until the call's body for the upstream was made.</param>
    /// <param name="upstream">Where it goes.</param>
    /// <param name="options">The edge's bounds.</param>
    /// <exception cref="BadCallException">It is malformed, or cannot be bounded.</exception>
    public abstract CallRequest Read(JsonBody body, UpstreamSettings upstream, EdgeOptions options);
}
