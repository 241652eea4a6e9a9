using Enforcer.Simulation.Faults;
using Enforcer.Simulation.Kernel;

namespace Enforcer.Simulation.Running;

/// <summary>What became of one world.</summary>
/// <param name="Seed">Where it came from.</param>
/// <param name="Violation">The first promise that was broken; null if all were kept.</param>
/// <param name="TraceHash">The hash of all that happened, in order.</param>
/// <param name="Events">How many things happened.</param>
/// <param name="Ticks">How long it lasted by its own clock.</param>
/// <param name="Kind">What kind of world it was.</param>
/// <param name="Entries">Entries in its journal.</param>
/// <param name="Answers">Answers that clients got.</param>
/// <param name="Readings">Balances that clients were shown.</param>
/// <param name="Faults">What went wrong in it.</param>
internal sealed record SimulationResult(
    ulong Seed, Violation? Violation, string TraceHash, long Events, long Ticks, WorldKind Kind, long Entries, long Answers, long Readings, FaultTally Faults);
