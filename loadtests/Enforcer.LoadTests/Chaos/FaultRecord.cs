namespace Enforcer.LoadTests.Chaos;

/// <summary>A fault as it happened; times are timestamps of the machine's monotonic clock.</summary>
/// <param name="Plan">What was to be done.</param>
/// <param name="Began">Just before it was done.</param>
/// <param name="Healed">When it was undone.</param>
/// <param name="Over">When everything that it had hit was ready again.</param>
internal sealed record FaultRecord(PlannedFault Plan, long Began, long Healed, long Over);
