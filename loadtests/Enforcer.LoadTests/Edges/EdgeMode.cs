namespace Enforcer.LoadTests.Edges;

/// <summary>How edges talk to the server.</summary>
internal enum EdgeMode
{
    /// <summary>One call per command, one at a time per edge.</summary>
    Unary,

    /// <summary>One stream per edge, batches both ways, with as little client as possible.</summary>
    Session,

    /// <summary>The SDK's own session, shared by several edges.</summary>
    Sdk,

    /// <summary>Every other edge on a session, the rest unary.</summary>
    Mixed,

    /// <summary>Sessions, unary calls and the SDK in turn.</summary>
    Every,
}
