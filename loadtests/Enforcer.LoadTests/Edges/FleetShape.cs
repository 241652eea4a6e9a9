namespace Enforcer.LoadTests.Edges;

/// <summary>How many edges, and how they talk.</summary>
/// <param name="Mode">The edges' way to talk.</param>
/// <param name="Edges">Clients side by side.</param>
/// <param name="Depth">Cycles that an edge on a session has in flight.</param>
/// <param name="Connections">HTTP/2 connections, or SDK sessions, that the edges share.</param>
internal sealed record FleetShape(EdgeMode Mode, int Edges, int Depth, int Connections)
{
    private EdgeMode[] Kinds => Mode switch
    {
        EdgeMode.Mixed => [EdgeMode.Session, EdgeMode.Unary],
        EdgeMode.Every => [EdgeMode.Session, EdgeMode.Unary, EdgeMode.Sdk],
        _ => [Mode],
    };

    /// <summary>Whether any edge talks so.</summary>
    public bool Has(EdgeMode kind) => Kinds.Contains(kind);

    /// <summary>How one edge talks, by its number: one of the three ways.</summary>
    public EdgeMode ModeOf(int edge) => Kinds[edge % Kinds.Length];

    /// <summary>Which of the connections an edge uses: edges of each kind are spread over all of them.</summary>
    public int ConnectionOf(int edge) => edge / Kinds.Length % Connections;
}
