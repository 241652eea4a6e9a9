using Enforcer.Host.Activations;

namespace Enforcer.Host.Tests;

/// <summary>The table of accounts in memory, looked at while others add to it and take from it.</summary>
public sealed class ActivationTableTests
{
    private const long Stays = 1L << 40;
    private const long NeverThere = 1L << 41;
    private const int Accounts = 64;
    private const int Rounds = 20_000;

    [Fact]
    public async Task Whoever_looks_finds_the_account_that_he_looks_for_or_none()
    {
        var table = new ActivationTable();
        for (var i = 0; i < Accounts; i++) table.GetOrAdd(New(Stays + i));
        using var over = new CancellationTokenSource();
        var lookers = Enumerable.Range(0, 2).Select(_ => Task.Run(() => Look(table, over.Token))).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            var some = Enumerable.Range(1, Accounts).Select(i => New((round * Accounts) + i)).ToArray();
            foreach (var activation in some) Assert.Same(activation, table.GetOrAdd(activation));
            foreach (var activation in some) table.Remove(activation);
        }
        await over.CancelAsync();
        var looks = await Task.WhenAll(lookers);
        Assert.All(looks, times => Assert.True(times > 0));
        Assert.Equal(Accounts, table.Count);
        Assert.Equal(Enumerable.Range(0, Accounts).Select(i => Stays + i), table.All.Select(activation => activation.Account).Order());
    }

    [Fact]
    public void Only_the_one_that_is_there_is_replaced_or_removed()
    {
        var table = new ActivationTable();
        var (first, second) = (New(7), New(7));
        Assert.Same(first, table.GetOrAdd(first));
        Assert.Same(first, table.GetOrAdd(second));
        Assert.False(table.TryReplace(second, first));
        Assert.True(table.TryReplace(first, second));
        table.Remove(first);
        Assert.True(table.TryGet(7, out var found));
        Assert.Same(second, found);
        table.Remove(second);
        Assert.False(table.TryGet(7, out _));
        Assert.Equal(0, table.Count);
    }

    private static long Look(ActivationTable table, CancellationToken over)
    {
        var looks = 0L;
        do
        {
            for (var i = 0; i < Accounts; i++)
            {
                Assert.True(table.TryGet(Stays + i, out var there));
                Assert.Equal(Stays + i, there.Account);
                Assert.False(table.TryGet(NeverThere + i, out var other), $"looked for {NeverThere + i}, found {other?.Account}");
            }
            looks++;
        }
        while (!over.IsCancellationRequested);
        return looks;
    }

    private static Activation New(long account) => new(account, null!);
}
