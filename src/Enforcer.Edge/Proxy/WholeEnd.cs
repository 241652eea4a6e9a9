namespace Enforcer.Edge.Proxy;

/// <summary>How reading an answer in one piece ended.</summary>
internal enum WholeEnd
{
    /// <summary>It is all there.</summary>
    Complete,

    /// <summary>The upstream broke off.</summary>
    Broken,

    /// <summary>It is longer than is read here; the rest is still to come.</summary>
    TooLong,
}
