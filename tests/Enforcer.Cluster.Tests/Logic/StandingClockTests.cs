using Enforcer.Cluster.Tests.Support;
using Enforcer.Ledger;
using Enforcer.Testing;

namespace Enforcer.Cluster.Tests.Logic;

/// <summary>Whoever waits for a planned move waits for work, not for time: nothing here depends on a heartbeat, a tick or a lease that is renewed.</summary>
public sealed class StandingClockTests
{
    private const int Accounts = 40;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task A_drained_nodes_accounts_are_answered_by_their_new_owners_before_the_next_heartbeat()
    {
        // Operation ids are of today.
        _clock.Advance(TimeProvider.System.GetUtcNow() - _clock.GetUtcNow());
        await using var cluster = new MemoryCluster();
        string[] names = ["n1", "n2", "n3"];
        foreach (var name in names) await cluster.AddAsync(name, _clock);
        await AdvanceUntilAsync(() => cluster.Nodes.All(node => node.Cluster.View.Places == "n1 n2 n3"));
        for (var account = 1L; account <= Accounts; account++)
        {
            var node = cluster[names[account % 3]];
            Assert.Equal(Refusal.Granted, (await node.Engine.ExecuteAsync(account, Money.Open(1_000)).AsTask().WaitAsync(Patience)).Refusal);
        }
        var owned = Enumerable.Range(1, Accounts).Where(account => cluster.Database.OwnerOf(account) == "n2").ToList();
        Assert.NotEmpty(owned);

        Assert.True(await cluster["n1"].Cluster.DrainAsync("n2", isDraining: true));
        await AdvanceUntilAsync(() => owned.Exists(account => cluster.Database.OwnerOf(account) != "n2"));

        // From here on time stands still.
        var asked = owned.SelectMany(account => names.Select(name => cluster[name].Engine.ExecuteAsync(account, Money.Reserve(10)).AsTask())).ToList();
        Assert.All(await Task.WhenAll(asked).WaitAsync(Patience), outcome => Assert.Equal(Refusal.Granted, outcome.Refusal));
        await Eventually.Async(() => cluster.Database.CountOf("n2") == 0, "the drained node has no account");
        asked = [.. owned.SelectMany(account => names.Select(name => cluster[name].Engine.ExecuteAsync(account, Money.Reserve(10)).AsTask()))];
        Assert.All(await Task.WhenAll(asked).WaitAsync(Patience), outcome => Assert.Equal(Refusal.Granted, outcome.Refusal));
    }

    /// <summary>Slower than real time, so that nobody is taken for dead who is only slow.</summary>
    private Task AdvanceUntilAsync(Func<bool> condition) => Eventually.Async(
        () =>
        {
            if (condition()) return true;
            _clock.Advance(Step);
            return false;
        },
        "it was so after some heartbeats");
}
