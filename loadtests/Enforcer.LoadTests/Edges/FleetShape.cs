namespace Enforcer.LoadTests.Edges;

/// <summary>How many edges, and how they talk.</summary>
/// <param name="Mode">The edges' way to talk.</param>
/// <param name="Edges">Clients side by side.</param>
/// <param name="Depth">Cycles that an edge on a session has in flight.</param>
/// <param name="Connections">HTTP/2 connections, or SDK sessions, that the edges share.</param>
internal sealed record FleetShape(EdgeMode Mode, int Edges, int Depth, int Connections)
{
    /// <summary>How one edge talks, by its number: never <see cref="EdgeMode.Mixed"/>.</summary>
    public EdgeMode ModeOf(int edge)
    {
        if (Mode != EdgeMode.Mixed)
            return Mode;
        return edge % 2 == 0 ? EdgeMode.Session : EdgeMode.Unary;
    }
}
