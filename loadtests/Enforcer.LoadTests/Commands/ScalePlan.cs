namespace Enforcer.LoadTests.Commands;

/// <summary>How scale is measured.</summary>
/// <param name="Runs">Runs of every contestant; figures are medians over them.</param>
/// <param name="Seconds">How long each contestant runs each time.</param>
/// <param name="Warmup">How long it runs before, each time its processes are new; again and again until they have compiled what they run often.</param>
/// <param name="Nodes">The most nodes.</param>
/// <param name="Accounts">Accounts of spread loads.</param>
/// <param name="CyclesPerSecond">What all clients together ask Enforcer for; 0: as fast as it answers.</param>
/// <param name="Clients">Clients of every contestant.</param>
/// <param name="Depth">Cycles in flight per client on a session.</param>
/// <param name="Connections">HTTP/2 connections to each node that edges share.</param>
/// <param name="Enforcer">The enforcer program; null: the one of this build.</param>
internal sealed record ScalePlan(
    int Runs, TimeSpan Seconds, TimeSpan Warmup, int Nodes, int Accounts, double CyclesPerSecond, int Clients, int Depth, int Connections, string? Enforcer);
