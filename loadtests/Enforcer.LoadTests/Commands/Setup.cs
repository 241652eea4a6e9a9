using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Processes;
using Enforcer.LoadTests.Rivals;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Commands;

/// <summary>Makes the accounts of a test, with a bar while it takes.</summary>
internal static class Setup
{
    /// <summary>On a server that runs: one call per account.</summary>
    public static async Task CreateAccountsAsync(Target target, int accounts, Func<int, long> capNanos, CancellationToken cancellation)
    {
        using var operators = new OperatorClient(target, new OperationIds(new Random(1), TimeProvider.System));
        await FollowAsync(accounts, created => operators.CreateAccountsAsync(accounts, capNanos, created, cancellation)).ConfigureAwait(false);
    }

    /// <summary>A server on a new place that was filled before it started.</summary>
    public static async Task<ServerProcess> StartServerAsync(
        string? program, DataPlace place, int accounts, Func<int, long> capNanos, CancellationToken cancellation)
    {
        await FillAsync(place, accounts, capNanos, cancellation).ConfigureAwait(false);
        return await ServerProcess.StartAsync(program, place).ConfigureAwait(false);
    }

    /// <summary>Makes the accounts in a new place, before a server starts on it.</summary>
    public static Task FillAsync(DataPlace place, int accounts, Func<int, long> capNanos, CancellationToken cancellation) =>
        FollowAsync(accounts, created => DataSeed.CreateAsync(place, accounts, capNanos, created, cancellation));

    /// <summary>The same with caps that are never reached.</summary>
    public static Task<ServerProcess> StartServerAsync(string? program, TempFolder folder, int accounts, CancellationToken cancellation) =>
        StartServerAsync(program, DataPlace.In(Path.Combine(folder.Path, "data")), accounts, _ => CycleLoad.CapNanos, cancellation);

    private static Task FollowAsync(int accounts, Func<Action<int>, Task> create)
    {
        var done = 0;
        return Display.FollowAsync($"making {accounts:N0} accounts", () => (double)done / accounts, create(created => done = created));
    }
}
