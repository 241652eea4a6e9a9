namespace Enforcer.Server.Edges;

/// <summary>An account that a command names: its number for the host, its id for people.</summary>
internal sealed record AccountTarget(long Number, string Id);
