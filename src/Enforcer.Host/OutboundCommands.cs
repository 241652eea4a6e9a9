namespace Enforcer.Host;

/// <summary>
/// Where those commands wait that a caller has handed in one after the other and that are decided elsewhere. It lets them go when it has no more, and touches no
/// way that it has not used. One caller's, and not for several threads.
/// </summary>
public sealed class OutboundCommands
{
    private readonly List<IOutbound> _ways = [];

    /// <summary>A command waits there until <see cref="Flush"/>.</summary>
    public void Add(IOutbound way)
    {
        // There are as many as nodes, and few of those.
        if (!_ways.Contains(way)) _ways.Add(way);
    }

    /// <summary>The caller has no more commands at hand: those that wait go out. Call it before waiting for anything.</summary>
    public void Flush()
    {
        foreach (var way in _ways) way.Flush();
        _ways.Clear();
    }
}
