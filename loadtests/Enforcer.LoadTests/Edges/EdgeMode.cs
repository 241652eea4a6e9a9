namespace Enforcer.LoadTests.Edges;

/// <summary>How edges talk to the server.</summary>
internal enum EdgeMode
{
    /// <summary>One call per command, one at a time per edge.</summary>
    Unary,

    /// <summary>One stream per edge, batches both ways.</summary>
    Session,

    /// <summary>Every other edge on a session, the rest unary.</summary>
    Mixed,
}
