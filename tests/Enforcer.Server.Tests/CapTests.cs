using Enforcer.Client;
using Enforcer.Protocol.V1;
using Enforcer.Server.Tests.Support;

namespace Enforcer.Server.Tests;

/// <summary>The cap holds exactly, whatever the number of clients and whatever the operator does meanwhile.</summary>
public sealed class CapTests
{
    private const int Clients = 64;
    private const int LeastNanos = 7;
    private const long FinalCapNanos = 60_000;

    [Fact]
    public async Task Sixty_four_clients_on_one_key_never_exceed_a_changing_cap_and_use_it_up()
    {
        await using var server = await TestServer.StartAsync();
        var key = await server.CreateKeyAsync(1_000);
        var account = key.Key.Account;
        var isFinal = false;
        var spending = Enumerable.Range(0, Clients).Select(seed => Task.Run(() => SpendAsync(server, key.Secret, seed, () => Volatile.Read(ref isFinal)))).ToArray();
        // Up, down below what is used, and up again.
        foreach (var cap in new long[] { 5_000, 20_000, 3_000, 30_000, 10_000, 45_000, FinalCapNanos })
        {
            await server.Operator.SetLimitsAsync(new SetLimitsRequest { Account = account, Limits = Caps.Life(cap), Reason = "test" });
            await Task.Delay(100);
        }
        Volatile.Write(ref isFinal, true);
        var committed = (await Task.WhenAll(spending)).Sum();

        var view = await server.Operator.GetAccountAsync(new GetAccountRequest { Account = account });
        Assert.Equal((committed, 0), (view.CommittedNanos, view.HeldNanos));
        Assert.InRange(view.SpendLimits[0].HeadroomNanos, 0, LeastNanos - 1);
        Assert.True(await GrantsWithinCapAsync(server, account) > Clients);
    }

    /// <summary>Spends until the final cap refuses the smallest request; the sum committed.</summary>
    private static async Task<long> SpendAsync(TestServer server, string key, int seed, Func<bool> isFinal)
    {
        await using var client = server.NewClient();
        var random = new Random(seed);
        var committed = 0L;
        while (true)
        {
            var wasFinal = isFinal();
            await using var reservation = await client.ReserveAsync(key, random.Next(LeastNanos, 100), new ReserveOptions { AtLeastNanos = LeastNanos });
            if (reservation.IsGranted) committed += (await reservation.CommitAsync(random.NextInt64(1, reservation.HeldNanos + 1))).ChargedNanos;
            else if (wasFinal && reservation.Refusal!.Reason == Refusal.ExceedsSpendCap) return committed;
            else await Task.Delay(1);
        }
    }

    /// <summary>Walks the account's history and holds each grant against the cap of its moment; how many there were.</summary>
    private static async Task<int> GrantsWithinCapAsync(TestServer server, string account)
    {
        var (cap, used, grants) = (0L, 0L, 0);
        await foreach (var entry in server.Operator.QueryLedgerAsync(new QueryLedgerRequest { Account = account, Ascending = true, Limit = 100_000 }))
        {
            if (entry.Limits is { } limits) cap = limits.Spend[0].CapNanos;
            used += entry.HeldChangeNanos + entry.CommittedChangeNanos;
            if (entry.Kind != EntryKind.ReservationMade) continue;
            Assert.True(used <= cap, $"Entry {entry.Seq} uses {used} of {cap}.");
            grants++;
        }
        return grants;
    }
}
