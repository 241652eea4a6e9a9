namespace Enforcer.Simulation.Kernel;

/// <summary>A promise that was broken: which one, when, and how.</summary>
/// <param name="Rule">The promise, a word or two.</param>
/// <param name="What">What happened.</param>
/// <param name="AtMs">When, in ms since the world began.</param>
internal sealed record Violation(string Rule, string What, long AtMs);
