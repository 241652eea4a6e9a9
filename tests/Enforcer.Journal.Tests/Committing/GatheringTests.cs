using Enforcer.Journal.Committing;
using Enforcer.Journal.Memory;
using Enforcer.Journal.Tests.Support;
using Enforcer.Testing;

namespace Enforcer.Journal.Tests.Committing;

/// <summary>How long a batch waits for those who will be back.</summary>
public sealed class GatheringTests : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Lock _gate = new();
    private readonly ManualClock _clock = new();
    private readonly GatedStore _store = new(new MemoryJournalStore(new MemoryJournal()));
    private GroupCommit? _journal;

    public async ValueTask DisposeAsync()
    {
        _store.LetAllPass();
        if (_journal is not null) await _journal.DisposeAsync();
    }

    [Theory]
    [InlineData(8, 0, 6)]
    [InlineData(8, 4, 9)]
    [InlineData(2, 0, 1)]
    [InlineData(1_000, 1_000, 1_024)]
    public async Task It_waits_for_three_quarters_of_those_who_were_there(int written, int open, int wanted)
    {
        using var gathering = New(Longest);
        var waiting = Begin(gathering, written, open);
        Note(gathering, wanted - 1);
        Assert.False(waiting.IsCompleted);
        Note(gathering, wanted);
        await waiting.WaitAsync(Patience);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(8, 24)]
    [InlineData(5_000, 1_024)]
    public void It_does_not_wait_where_enough_are_there(int written, int open)
    {
        using var gathering = New(Longest);
        Assert.True(Begin(gathering, written, open).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task It_waits_no_longer_than_its_bound()
    {
        using var gathering = New(Longest);
        var waiting = Begin(gathering, 8, 0);
        _clock.Advance(Longest - TimeSpan.FromTicks(1));
        Assert.False(waiting.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));
        await waiting.WaitAsync(Patience);
        var next = Begin(gathering, 8, 0);
        Assert.False(next.IsCompleted);
        _clock.Advance(Longest);
        await next.WaitAsync(Patience);
    }

    [Fact]
    public void With_no_bound_there_is_no_wait()
    {
        using var gathering = New(TimeSpan.Zero);
        Assert.True(Begin(gathering, 100, 0).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Those_who_come_again_share_a_batch()
    {
        var journal = await OpenAsync();
        var accounts = Enumerable.Range(1, 9).Select(n => new TestAccount(n)).ToArray();
        accounts[0].Open(journal);
        await _store.NextAsync();
        // Seven are there when the first one has been written: more than it takes.
        var tickets = accounts[1..8].Select(account => account.Open(journal)).ToArray();
        _store.Pass();
        Assert.Equal(7, (await _store.NextAsync()).Records);
        _store.Pass();
        await journal.WhenDurableAsync(tickets[^1]);
        // Without a wait the first of them would be written alone.
        foreach (var account in accounts[1..6]) account.Reserve(journal);
        var next = _store.NextAsync().AsTask();
        // The wait may begin after the clock was moved.
        for (var left = 30_000; left > 0 && !next.IsCompleted; left--)
        {
            _clock.Advance(Longest);
            await Task.WhenAny(next, Task.Delay(1));
        }
        Assert.Equal(5, (await next.WaitAsync(Patience)).Records);
    }

    [Fact]
    public async Task A_journal_that_closes_waits_for_nobody()
    {
        var journal = await OpenAsync();
        _store.LetAllPass();
        var tickets = Enumerable.Range(1, 9).Select(n => new TestAccount(n).Open(journal)).ToArray();
        await journal.DisposeAsync().AsTask().WaitAsync(Patience);
        Assert.All(tickets, ticket => Assert.True(journal.IsDurable(ticket)));
    }

    private async Task<GroupCommit> OpenAsync() =>
        _journal = await GroupCommit.OpenAsync(_store, "test", new JournalOptions { LongestGathering = Longest }, _clock);

    private Gathering New(TimeSpan longest) => new(longest, _gate, WorkPool.Threads, _clock);

    private Task Begin(Gathering gathering, int written, int open)
    {
        lock (_gate) return gathering.BeginAsync(written, open).AsTask();
    }

    private void Note(Gathering gathering, int open)
    {
        lock (_gate) gathering.Note(open);
    }
}
