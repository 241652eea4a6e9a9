namespace Enforcer.Simulation.Storage;

/// <summary>What a process holds from the moment at which it opened the journal.</summary>
internal sealed record Claim(int Node, long Session, long Revocations);
