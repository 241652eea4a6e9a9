using System.Diagnostics;
using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Processes;

/// <summary>What memory a server takes, and when the accounts in it have left.</summary>
internal sealed class ServerMemory(Target target)
{
    private const string ActiveMetric = "enforcer_accounts_active";
    private const string HeapMetric = "dotnet_gc_heap_bytes";

    /// <summary>Work on a few accounts for so long makes the heap collect what is not used any more.</summary>
    private static readonly TimeSpan Churn = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Waits until hardly any account is in memory.</summary>
    /// <exception cref="TimeoutException">They do not leave it.</exception>
    public async Task WaitUntilIdleAsync(CancellationToken cancellation)
    {
        const int HardlyAny = 100;
        var started = Stopwatch.GetTimestamp();
        while (await ServerMetrics.ReadAsync(target.HttpAddress, ActiveMetric).ConfigureAwait(false) is { } active && active > HardlyAny)
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new TimeoutException($"{active:N0} accounts are still in memory after {Patience.TotalSeconds:0} s without work");
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// What there is after some work on ten accounts: the least of what the heap held meanwhile, how many accounts were in it then, and the resident memory at
    /// the end.
    /// </summary>
    public async Task<(long ResidentBytes, long HeapBytes, long Accounts)> ReadAsync(CancellationToken cancellation)
    {
        const int Few = 10;
        var picker = new AccountPicker(Spread.Uniform, Few);
        var fleet = new Fleet(target, new FleetShape(EdgeMode.Unary, 16, 1, 2), Few,
            edge => new HammerSource(picker, new HammerMix(0, 0), new Random(edge), long.MaxValue, 0), null, seed: 5);
        var work = fleet.RunAsync(Churn, cancellation);
        var (least, accounts) = (long.MaxValue, 0L);
        while (!work.IsCompleted)
        {
            if (await ServerMetrics.ReadAsync(target.HttpAddress, HeapMetric).ConfigureAwait(false) is { } bytes && bytes < least
                && await ServerMetrics.ReadAsync(target.HttpAddress, ActiveMetric).ConfigureAwait(false) is { } active)
            {
                (least, accounts) = ((long)bytes, (long)active);
            }

            await Task.WhenAny(work, Task.Delay(100, cancellation)).ConfigureAwait(false);
        }

        await work.ConfigureAwait(false);
        return (ProcessTree.ResidentBytes(target.ProcessId), least, accounts);
    }
}
