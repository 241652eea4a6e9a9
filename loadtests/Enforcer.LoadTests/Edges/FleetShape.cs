namespace Enforcer.LoadTests.Edges;

/// <summary>How many edges, and how they talk.</summary>
/// <param name="Mode">Unary, session or both.</param>
/// <param name="Edges">Clients side by side.</param>
/// <param name="Depth">Cycles that an edge on a session has in flight.</param>
/// <param name="Connections">HTTP/2 connections that the edges share.</param>
internal sealed record FleetShape(EdgeMode Mode, int Edges, int Depth, int Connections)
{
    public bool IsSession(int edge) => Mode == EdgeMode.Session || (Mode == EdgeMode.Mixed && edge % 2 == 0);
}
