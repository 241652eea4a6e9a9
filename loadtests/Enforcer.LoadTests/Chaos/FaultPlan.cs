namespace Enforcer.LoadTests.Chaos;

/// <summary>Draws a series of faults from a seed: the same seed, the same series. Every kind comes once before any comes a second time, and so on.</summary>
internal static class FaultPlan
{
    /// <summary>A node that is silent for so long is replaced, with time to spare.</summary>
    private const int ReplacedMs = 2_600;

    public static IReadOnlyList<PlannedFault> Draw(int seed, IReadOnlyList<FaultKind> kinds, int count, TimeSpan over, int nodes)
    {
        var random = new Random(seed);
        var faults = new List<PlannedFault>(count);
        var every = over / count;
        while (faults.Count < count)
        {
            var round = kinds.ToArray();
            random.Shuffle(round);
            foreach (var kind in round.Take(count - faults.Count))
            {
                var at = every * (faults.Count + random.NextDouble());
                faults.Add(Draw(random, faults.Count, at, kind, nodes));
            }
        }

        return [.. faults.OrderBy(fault => fault.At).Select((fault, i) => fault with { Number = i })];
    }

    private static PlannedFault Draw(Random random, int number, TimeSpan at, FaultKind kind, int nodes)
    {
        var node = random.Next(nodes);
        var other = (node + random.Next(1, Math.Max(2, nodes))) % nodes;
        var (length, link, isHarsh) = (Length(random, kind), Link(random, kind), random.Next(2) == 0);
        var fault = new PlannedFault(number, at, kind, node, kind == FaultKind.CutNodes ? other : -1, length, link, isHarsh);
        return fault.IsOfDatabase ? fault with { Node = -1 } : fault;
    }

    private static TimeSpan Length(Random random, FaultKind kind) => TimeSpan.FromMilliseconds(kind switch
    {
        FaultKind.KillNode => random.Next(0, 4_000),
        FaultKind.Zombie => random.Next(ReplacedMs, ReplacedMs + 1_500),
        FaultKind.PauseNode => random.Next(100, 1_500),
        FaultKind.KillDatabase => random.Next(0, 1_000),
        FaultKind.FreezeDatabase => random.Next(200, 2_500),
        FaultKind.FullDisk => random.Next(500, 2_500),
        _ => random.Next(300, 3_500),
    });

    private static LinkFault Link(Random random, FaultKind kind)
    {
        var way = random.Next(4);
        if (kind == FaultKind.SlowNetwork)
            return LinkFault.None with { Delay = TimeSpan.FromMilliseconds(random.Next(5, 60)) };
        return way switch
        {
            0 => LinkFault.Cut,
            1 => LinkFault.None with { HoldsRequests = true },
            2 => LinkFault.None with { HoldsAnswers = true },
            _ => LinkFault.Reset,
        };
    }
}
