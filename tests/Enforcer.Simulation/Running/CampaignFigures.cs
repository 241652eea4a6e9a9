using Enforcer.Simulation.Faults;
using Enforcer.Simulation.Kernel;

namespace Enforcer.Simulation.Running;

/// <summary>What many worlds were, added up; written to a file, it is where a campaign goes on from.</summary>
internal sealed class CampaignFigures
{
    public ulong From { get; set; }

    /// <summary>Every seed below this one has been run.</summary>
    public ulong Next { get; set; }

    /// <summary>Those after it that have been run as well.</summary>
    public SortedSet<ulong> Ahead { get; set; } = [];

    public long Worlds { get; set; }

    public decimal Seconds { get; set; }

    public long Ticks { get; set; }

    public long Events { get; set; }

    public long Entries { get; set; }

    public long Answers { get; set; }

    public long Readings { get; set; }

    public SortedDictionary<ulong, string> Failed { get; set; } = [];

    /// <summary>How often which fault happened, by the kind of world.</summary>
    public SortedDictionary<string, SortedDictionary<string, long>> Faults { get; set; } = [];

    public decimal SimulatedSeconds => Ticks / (decimal)World.Second;

    public long FaultsInAll => Faults.Values.Sum(static kinds => kinds.Values.Sum());

    /// <summary>How often a fault happened in worlds of a kind.</summary>
    public long FaultsOf(WorldKind world, FaultKind fault) =>
        Faults.TryGetValue($"{world}", out var faults) ? faults.GetValueOrDefault($"{fault}") : 0;

    public void Add(SimulationResult result)
    {
        Worlds++;
        Ticks += result.Ticks;
        Events += result.Events;
        Entries += result.Entries;
        Answers += result.Answers;
        Readings += result.Readings;
        if (result.Violation is { } violation) Failed[result.Seed] = $"after {violation.AtMs} ms: {violation.Rule}: {violation.What}";
        if (!Faults.TryGetValue($"{result.Kind}", out var faults)) Faults.Add($"{result.Kind}", faults = []);
        foreach (var kind in FaultTally.Kinds) faults[$"{kind}"] = faults.GetValueOrDefault($"{kind}") + result.Faults[kind];
        Ahead.Add(result.Seed);
        while (Ahead.Remove(Next)) Next++;
    }
}
