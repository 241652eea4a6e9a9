namespace Enforcer.LoadTests.Chaos;

/// <summary>One fault as it was drawn: what, to whom, when and for how long.</summary>
/// <param name="Number">Its place in the series, from 0.</param>
/// <param name="At">When it begins, from the start of the run; later if those before take too long.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Node">The node that it is done to; -1 for the database.</param>
/// <param name="Other">The node that is cut off from it, for <see cref="FaultKind.CutNodes"/>; otherwise -1.</param>
/// <param name="Length">How long it lasts.</param>
/// <param name="Link">What is wrong with a link.</param>
/// <param name="IsHarsh">Of the two ways to do it the harsher one: kill -9 of the database; a node that is started again at once.</param>
internal sealed record PlannedFault(int Number, TimeSpan At, FaultKind Kind, int Node, int Other, TimeSpan Length, LinkFault Link, bool IsHarsh)
{
    public bool IsOfDatabase => Kind is FaultKind.KillDatabase or FaultKind.FreezeDatabase or FaultKind.FullDisk or FaultKind.SlowDisk;
}
