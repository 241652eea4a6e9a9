namespace Enforcer.Orleans.Tests;

/// <summary>However many ask, the work is done once for all who were there before it began.</summary>
public sealed class RoundsTests
{
    [Fact]
    public async Task Whoever_comes_while_a_round_is_under_way_shares_the_next_one()
    {
        var done = new List<(IReadOnlyList<int> Items, TaskCompletionSource<string> Result)>();
        var begun = new SemaphoreSlim(0);
        var rounds = new Rounds<int, string>(items =>
        {
            done.Add((items, new TaskCompletionSource<string>()));
            begun.Release();
            return done[^1].Result.Task;
        });
        var first = rounds.JoinAsync(0);
        await begun.WaitAsync();
        var others = Enumerable.Range(1, 3_000).Select(rounds.JoinAsync).ToList();
        done[0].Result.SetResult("first");
        Assert.Equal("first", await first);
        await begun.WaitAsync();
        done[1].Result.SetException(new InvalidOperationException("second"));
        foreach (var other in others) Assert.Equal("second", (await Assert.ThrowsAsync<InvalidOperationException>(() => other)).Message);
        Assert.Equal([0], done[0].Items);
        Assert.Equal(Enumerable.Range(1, 3_000), done[1].Items);

        // One that failed does not keep the next from coming.
        var last = rounds.JoinAsync(7);
        await begun.WaitAsync();
        done[2].Result.SetResult("last");
        Assert.Equal("last", await last);
        Assert.Equal(3, done.Count);
    }
}
