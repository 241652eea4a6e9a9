using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Rivals;

/// <summary>Enforcer itself, in the same cycle as its competitors. The server belongs to whoever started it.</summary>
internal sealed class EnforcerRival(Target target, EdgeMode mode, int connections, double cyclesPerSecond = 0) : IRival
{
    private static readonly HammerMix Mix = new(ReleasePercent: 0, AbandonPercent: 0);

    public string Name => $"enforcer {mode.ToString().ToLowerInvariant()}";

    public Task<LoadResult> RunAsync(CycleLoad load, CancellationToken cancellation)
    {
        var picker = new AccountPicker(Spread.Uniform, load.Accounts);
        var shape = new FleetShape(mode, load.Clients, load.Depth, Math.Min(connections, load.Clients));
        var seed = unchecked((int)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        var fleet = new Fleet(target, shape, load.Accounts,
            edge => new HammerSource(picker, Mix, new Random(unchecked(seed + edge)), long.MaxValue, cyclesPerSecond / load.Clients),
            answersFolder: null, seed);
        return fleet.RunAsync(load.Duration, cancellation);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
