namespace Enforcer.Client;

/// <summary>An outcome and the number of the command that it answers.</summary>
internal readonly record struct NumberedOutcome(ulong Number, SessionOutcome Outcome);
