using Enforcer.LoadTests.Edges;
using Enforcer.LoadTests.Measuring;
using Enforcer.LoadTests.Processes;
using Enforcer.LoadTests.Rivals;
using Enforcer.LoadTests.Traffic;

namespace Enforcer.LoadTests.Commands;

/// <summary>Makes the accounts of a test, with a bar while it takes.</summary>
internal static class Setup
{
    public static Task CreateAccountsAsync(OperatorClient operators, int accounts, Func<int, long> capNanos, CancellationToken cancellation)
    {
        var created = 0;
        var work = operators.CreateAccountsAsync(accounts, capNanos, done => created = done, cancellation);
        return Display.FollowAsync($"making {accounts:N0} accounts", () => (double)created / accounts, work);
    }

    /// <summary>A server on a new data folder, with accounts whose caps are never reached.</summary>
    public static async Task<ServerProcess> StartServerAsync(string? program, TempFolder folder, int accounts, CancellationToken cancellation)
    {
        var server = await ServerProcess.StartAsync(program, Path.Combine(folder.Path, "data")).ConfigureAwait(false);
        using var operators = new OperatorClient(server.Target, new OperationIds(new Random(1), TimeProvider.System));
        await CreateAccountsAsync(operators, accounts, _ => CycleLoad.CapNanos, cancellation).ConfigureAwait(false);
        return server;
    }
}
