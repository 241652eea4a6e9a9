namespace Enforcer.Server.Edges.Wire;

/// <summary>The words that go with a refusal.</summary>
/// <param name="Account">The account whose limit refused, or null.</param>
/// <param name="Message">The fact in one sentence, or null.</param>
internal readonly record struct RefusalText(string? Account, string? Message);
