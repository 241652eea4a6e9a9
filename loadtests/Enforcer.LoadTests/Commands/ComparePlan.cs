namespace Enforcer.LoadTests.Commands;

/// <summary>How a comparison is run.</summary>
/// <param name="Runs">Runs of every contestant; figures are medians over them.</param>
/// <param name="Seconds">How long each contestant runs each time.</param>
/// <param name="Sustained">How long the two sustained runs take.</param>
/// <param name="Accounts">Accounts of spread loads.</param>
/// <param name="Clients">Clients of every contestant.</param>
/// <param name="Depth">Cycles in flight per client on a session.</param>
/// <param name="Connections">HTTP/2 connections that edges share.</param>
/// <param name="Enforcer">The enforcer program; null: the one of this build.</param>
internal sealed record ComparePlan(
    int Runs, TimeSpan Seconds, TimeSpan Sustained, int Accounts, int Clients, int Depth, int Connections, string? Enforcer);
