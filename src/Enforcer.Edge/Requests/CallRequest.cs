using Enforcer.Edge.Options;
using Enforcer.Edge.Protocols;
using Enforcer.Edge.Spending;

namespace Enforcer.Edge.Requests;

/// <summary>One call, read and bounded, before it is paid for.</summary>
internal sealed class CallRequest
{
    /// <summary>Where it goes.</summary>
    public required UpstreamSettings Upstream { get; init; }

    /// <summary>The most it can use.</summary>
    public required CallEstimate Estimate { get; init; }

    /// <summary>Whether the answer is to be a stream of events.</summary>
    public bool IsStream { get; init; }

    /// <summary>Whether the edge asked for the chunk with the usage, so that the customer must not see it.</summary>
    public bool HidesUsage { get; init; }

    /// <summary>Whether tokens may be generated that a stream does not show.</summary>
    public bool ReasonsUnseen { get; init; }

    /// <summary>Makes the body for the upstream, given how many output tokens were granted altogether.</summary>
    public required Func<long, byte[]> BodyFor { get; init; }

    /// <summary>Makes what reads the answer.</summary>
    public required Func<AnswerTally> NewTally { get; init; }
}
