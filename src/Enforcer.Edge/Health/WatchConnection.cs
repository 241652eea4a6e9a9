namespace Enforcer.Edge.Health;

/// <summary>Marks connections that came in where the edge is watched.</summary>
internal sealed class WatchConnection
{
    private WatchConnection()
    {
    }

    public static WatchConnection Instance { get; } = new();
}
