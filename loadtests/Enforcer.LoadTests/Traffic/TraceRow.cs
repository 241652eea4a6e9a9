namespace Enforcer.LoadTests.Traffic;

/// <summary>One request of a trace: when it arrived after the first one, what it sent and what it got.</summary>
internal readonly record struct TraceRow(TimeSpan At, int ContextTokens, int GeneratedTokens);
