using Enforcer.LoadTests.Edges;

namespace Enforcer.LoadTests.Traffic;

/// <summary>What one edge is asked to do. Used by one edge at a time.</summary>
internal interface ICycleSource
{
    /// <summary>False: there is nothing more to start, now or later.</summary>
    bool TryNext(out Cycle cycle);

    /// <summary>Tells how a cycle's reservation was answered, once it has come to its end.</summary>
    void Ended(in Cycle cycle, in EdgeAnswer reserved);
}
