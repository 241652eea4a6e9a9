using Enforcer.LoadTests.Edges;

namespace Enforcer.LoadTests.Traffic;

/// <summary>
/// The cycles of one hammering edge: drawn anew each time, as many as its quota, at its rate if it has one. Edges of the same rate are out of
/// step, as gateways that know nothing of each other are.
/// </summary>
internal sealed class HammerSource(AccountPicker picker, HammerMix mix, Random random, long quota, double cyclesPerSecond) : ICycleSource
{
    private readonly double _ahead = cyclesPerSecond > 0 ? random.NextDouble() : 0;
    private long _drawn;

    public bool TryNext(out Cycle cycle)
    {
        cycle = default;
        if (_drawn >= quota)
            return false;
        _drawn++;
        cycle = mix.Draw(picker.Next(random), random);
        if (cyclesPerSecond > 0)
            cycle = cycle with { StartAfter = TimeSpan.FromSeconds((_drawn - _ahead) / cyclesPerSecond) };
        return true;
    }

    public void Ended(in Cycle cycle, in EdgeAnswer reserved)
    {
    }
}
