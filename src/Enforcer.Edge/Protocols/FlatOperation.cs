using Enforcer.Edge.Options;
using Enforcer.Edge.Requests;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Protocols;

/// <summary>A call at a flat price: lists of models, counting of tokens, and what the operator lists. Its body passes as it is.</summary>
/// <param name="dialect">Whose it is.</param>
/// <param name="priceNanos">What it costs the customer.</param>
internal sealed class FlatOperation(Dialect dialect, long priceNanos)
{
    public Dialect Dialect => dialect;

    /// <summary>The call.</summary>
    public CallRequest Read(byte[] body, UpstreamSettings upstream) => new()
    {
        Upstream = upstream,
        Estimate = new CallEstimate { FlatNanos = priceNanos },
        BodyFor = _ => body,
        NewTally = static () => new FlatTally(),
    };
}
