namespace Enforcer.LoadTests.Chaos;

/// <summary>A call that was answered: when it was made and when the answer was there, in timestamps of the machine's monotonic clock.</summary>
internal readonly record struct ProbedCall(long Made, long Answered);
