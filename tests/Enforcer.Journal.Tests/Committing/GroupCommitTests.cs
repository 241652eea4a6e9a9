using Enforcer.Journal.Committing;
using Enforcer.Journal.Memory;
using Enforcer.Journal.Reading;
using Enforcer.Journal.Tests.Support;
using Enforcer.Ledger;
using Enforcer.Ledger.Entries;

namespace Enforcer.Journal.Tests.Committing;

/// <summary>What group commit does while a store is slow, fails, or refuses.</summary>
public sealed class GroupCommitTests : IAsyncDisposable
{
    private readonly MemoryJournal _memory = new();
    private readonly GatedStore _gate;
    private readonly List<LostRecords> _lost = [];
    private GroupCommit? _journal;

    public GroupCommitTests() => _gate = new GatedStore(new MemoryJournalStore(_memory));

    public async ValueTask DisposeAsync()
    {
        _gate.LetAllPass();
        if (_journal is not null) await _journal.DisposeAsync();
    }

    [Fact]
    public async Task Records_gather_while_the_batch_before_is_written()
    {
        var journal = await OpenAsync();
        var account = new TestAccount(1);
        var first = account.Open(journal);
        var batch = await _gate.NextAsync();
        Assert.Equal(1, batch.Number);
        var others = Enumerable.Range(2, 100).Select(n => new TestAccount(n).Open(journal)).ToArray();
        Assert.All(others, ticket => Assert.Equal(2, ticket.Batch));
        Assert.False(journal.IsDurable(first));
        _gate.Pass();
        await journal.WhenDurableAsync(first);
        Assert.True(journal.IsDurable(first));
        Assert.False(journal.IsDurable(others[0]));
        Assert.Equal(100, (await _gate.NextAsync()).Records);
        _gate.Pass();
        await journal.WhenDurableAsync(others[0]);
    }

    [Fact]
    public async Task All_who_wait_for_a_batch_share_one_task()
    {
        var journal = await OpenAsync();
        var ticket = new TestAccount(1).Open(journal);
        await _gate.NextAsync();
        Assert.Same(journal.WhenDurableAsync(ticket).AsTask(), journal.WhenDurableAsync(ticket).AsTask());
    }

    [Fact]
    public async Task A_full_open_batch_is_busy_until_the_one_before_is_written()
    {
        var journal = await OpenAsync(new JournalOptions { MaxBatchRecords = 2 });
        new TestAccount(1).Open(journal);
        await _gate.NextAsync();
        new TestAccount(2).Open(journal);
        Assert.Equal(JournalReadiness.Ready, journal.Readiness);
        var last = new TestAccount(3).Open(journal);
        Assert.Equal(JournalReadiness.Busy, journal.Readiness);
        _gate.Pass();
        await _gate.NextAsync();
        Assert.Equal(JournalReadiness.Ready, journal.Readiness);
        _gate.Pass();
        await journal.WhenDurableAsync(last);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_an_unknown_outcome_both_batches_are_lost_and_what_is_really_there_is_loaded(bool isReallyThere)
    {
        var journal = await OpenAsync();
        var durable = new TestAccount(1);
        var unknown = new TestAccount(2);
        var open = new TestAccount(3);
        var first = durable.Open(journal);
        await _gate.NextAsync();
        _gate.Pass();
        await journal.WhenDurableAsync(first);
        var second = unknown.Open(journal);
        await _gate.NextAsync();
        var third = open.Open(journal);
        var waiting = new[] { journal.WhenDurableAsync(second).AsTask(), journal.WhenDurableAsync(third).AsTask() };
        _gate.Fail(AppendResult.Unknown(new IOException("the wire was cut")), isReallyThere);

        foreach (var task in waiting) await Assert.ThrowsAsync<JournalLostException>(() => task);
        Assert.Equal(new LostRecords(1, null, _lost[0].Cause), Assert.Single(_lost));
        Assert.True(IsLost(journal, unknown.Tail));
        Assert.True(IsLost(journal, open.Tail));
        Assert.False(IsLost(journal, durable.Tail));
        await ReadyAsync(journal);
        Assert.Equal(isReallyThere ? 2 : 1, journal.DurableBatch);
        Assert.Throws<JournalLostException>(() => unknown.Cycle(journal));
        Assert.False(journal.IsDurable(third));
        await Assert.ThrowsAsync<JournalLostException>(() => journal.WhenDurableAsync(third).AsTask());

        var loaded = await new AccountReader(journal, _gate, LedgerOptions.Default).LoadAsync(2);
        Assert.Equal(isReallyThere ? unknown.Tail.Seq : 0, loaded.Tail.Seq);
        _gate.LetAllPass();
        await journal.WhenDurableAsync(durable.Cycle(journal));
    }

    [Fact]
    public async Task While_a_store_fails_nothing_is_taken_and_it_recovers_by_itself()
    {
        var journal = await OpenAsync();
        var account = new TestAccount(1);
        var ticket = account.Open(journal);
        await _gate.NextAsync();
        _gate.HoldTip();
        _gate.Fail(AppendResult.Full(new IOException("no room")), isReallyThere: false);
        await Assert.ThrowsAsync<JournalLostException>(() => journal.WhenDurableAsync(ticket).AsTask());
        Assert.Equal(JournalReadiness.Unavailable, journal.Readiness);
        Assert.Contains("no room", journal.LastError!.Message, StringComparison.Ordinal);
        Assert.Throws<JournalUnavailableException>(() => new TestAccount(2).Open(journal));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.Heads.ReadAsync(1).AsTask());
        _gate.ReleaseTip();
        await ReadyAsync(journal);
        Assert.Null(journal.LastError);
        _gate.LetAllPass();
        await journal.WhenDurableAsync(new TestAccount(1).Open(journal));
    }

    [Fact]
    public async Task A_stale_account_falls_out_alone()
    {
        var journal = await OpenAsync();
        var stale = new TestAccount(1);
        var healthy = new TestAccount(2);
        var later = new TestAccount(3);
        stale.Open(journal);
        await _gate.NextAsync();
        _gate.Pass();
        await journal.WhenDurableAsync(stale.Tail.Ticket);
        // Whoever takes an account leaves in its head where it ends.
        await _gate.WriteHeadsAsync([stale.Head], 0, default);
        healthy.Open(journal);
        await _gate.NextAsync();
        stale.Cycle(journal);
        healthy.Cycle(journal);
        _gate.Pass();
        await _gate.NextAsync();
        stale.Cycle(journal);
        later.Open(journal);
        var told = new[] { stale.Tail.Ticket, healthy.Tail.Ticket, later.Tail.Ticket };
        var waiting = told.Select(ticket => journal.WhenDurableAsync(ticket).AsTask()).ToArray();
        _gate.Fail(AppendResult.Rejected([1]), isReallyThere: false);
        Assert.Equal(2, (await _gate.NextAsync()).Records);
        // A ticket does not say whose record it stands for, so nobody is told; the healthy go on all the same.
        foreach (var task in waiting) await Assert.ThrowsAsync<JournalLostException>(() => task);
        _gate.LetAllPass();
        await journal.WhenDurableAsync(Kept(journal, healthy.Tail).Ticket);
        await journal.WhenDurableAsync(Kept(journal, later.Tail).Ticket);
        Assert.All(told, ticket => Assert.False(journal.IsDurable(ticket)));
        Assert.Equal([1L], Assert.Single(_lost).Accounts);
        Assert.True(IsLost(journal, stale.Tail));
        Assert.False(IsLost(journal, healthy.Tail));
        await journal.WhenDurableAsync(healthy.Cycle(journal));
        var reader = new AccountReader(journal, _gate, LedgerOptions.Default);
        var loaded = await reader.LoadAsync(1);
        Assert.Equal(1, loaded.Tail.LastBatch);
        Assert.False(IsLost(journal, loaded.Tail));
        await journal.WhenDurableAsync(new TestAccount(loaded) { NowMs = stale.NowMs }.Cycle(journal));
        Assert.Equal(healthy.Tail.Seq, (await reader.LoadAsync(2)).State.Seq);
    }

    [Fact]
    public async Task An_idle_account_that_is_taken_troubles_nobody_else()
    {
        var journal = await OpenAsync();
        var taken = new TestAccount(1);
        var healthy = new TestAccount(2);
        taken.Open(journal);
        await _gate.NextAsync();
        _gate.Pass();
        await journal.WhenDurableAsync(taken.Tail.Ticket);
        var ticket = healthy.Open(journal);
        await _gate.NextAsync();
        var waiting = journal.WhenDurableAsync(ticket).AsTask();
        _gate.Fail(AppendResult.Rejected([1]), isReallyThere: false);
        Assert.Equal(1, (await _gate.NextAsync()).Records);
        _gate.LetAllPass();
        await waiting;
        Assert.True(IsLost(journal, taken.Tail));
        Assert.Throws<JournalLostException>(() => taken.Cycle(journal));
        Assert.DoesNotContain(1L, journal.Heads.Oldest(9));
    }

    [Fact]
    public async Task A_taken_account_stays_lost_whatever_happens_later()
    {
        var journal = await OpenAsync();
        var taken = new TestAccount(1);
        taken.Open(journal);
        await _gate.NextAsync();
        _gate.Pass();
        await journal.WhenDurableAsync(taken.Tail.Ticket);
        var other = new TestAccount(2).Open(journal);
        await _gate.NextAsync();
        _gate.Fail(AppendResult.Rejected([1]), isReallyThere: false);
        await _gate.NextAsync();
        _gate.Fail(AppendResult.Full(new IOException("no room")), isReallyThere: false);
        await Assert.ThrowsAsync<JournalLostException>(() => journal.WhenDurableAsync(other).AsTask());
        await ReadyAsync(journal);
        Assert.True(IsLost(journal, taken.Tail));
    }

    [Fact]
    public async Task When_too_many_accounts_are_taken_to_remember_all_are_read_again()
    {
        var journal = await OpenAsync();
        var healthy = new TestAccount(1);
        healthy.Open(journal);
        await _gate.NextAsync();
        _gate.Pass();
        await journal.WhenDurableAsync(healthy.Tail.Ticket);
        var before = healthy.Tail;
        healthy.Cycle(journal);
        await _gate.NextAsync();
        _gate.Fail(AppendResult.Rejected([.. Enumerable.Range(10, 70_000).Select(n => (long)n)]), isReallyThere: false);
        await Assert.ThrowsAsync<JournalLostException>(() => journal.WhenDurableAsync(healthy.Tail.Ticket).AsTask());
        await ReadyAsync(journal);
        Assert.True(IsLost(journal, before));
        Assert.Equal((0, null), (_lost[^1].DurableBatch, _lost[^1].Accounts));
    }

    [Fact]
    public async Task An_owner_that_was_replaced_ends()
    {
        var ended = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var journal = await OpenAsync(new JournalOptions { OnEnded = ended.SetResult });
        _gate.LetAllPass();
        var account = new TestAccount(1);
        await journal.WhenDurableAsync(account.Open(journal));
        await using var successor = await GroupCommit.OpenAsync(new MemoryJournalStore(_memory), "other", new JournalOptions(), TimeProvider.System);
        await Assert.ThrowsAsync<JournalLostException>(() => journal.WhenDurableAsync(account.Reserve(journal)).AsTask());
        Assert.IsType<JournalFencedException>(await ended.Task);
        Assert.Equal(JournalReadiness.Ended, journal.Readiness);
        Assert.Equal(1, successor.DurableBatch);
    }

    [Fact]
    public async Task A_failed_fsync_ends_the_journal()
    {
        var ended = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var journal = await OpenAsync(new JournalOptions { OnEnded = ended.SetResult });
        var ticket = new TestAccount(1).Open(journal);
        await _gate.NextAsync();
        _gate.Fail(AppendResult.Broken(new IOException("fsync")), isReallyThere: true);
        await Assert.ThrowsAsync<JournalLostException>(() => journal.WhenDurableAsync(ticket).AsTask());
        Assert.Equal("fsync", (await ended.Task).Message);
        Assert.Equal(JournalReadiness.Ended, journal.Readiness);
    }

    [Fact]
    public async Task A_failed_fsync_of_heads_ends_the_journal_although_nobody_appends()
    {
        var ended = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var journal = await OpenAsync(new JournalOptions { OnEnded = ended.SetResult });
        _gate.LetAllPass();
        var account = new TestAccount(1);
        await journal.WhenDurableAsync(account.Open(journal));
        _gate.HeadsFailure = new JournalBrokenException("fsync");
        await Assert.ThrowsAsync<JournalBrokenException>(() => journal.Heads.WriteAsync([account.Head]));
        Assert.Equal("fsync", (await ended.Task).Message);
        Assert.Equal(JournalReadiness.Ended, journal.Readiness);
        Assert.Throws<JournalUnavailableException>(() => account.Reserve(journal));
    }

    [Fact]
    public async Task A_failed_fsync_while_recovering_ends_the_journal()
    {
        var ended = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var journal = await OpenAsync(new JournalOptions { OnEnded = ended.SetResult, FirstRetryDelay = TimeSpan.Zero });
        var ticket = new TestAccount(1).Open(journal);
        await _gate.NextAsync();
        _gate.HeadsFailure = new JournalBrokenException("fsync");
        _gate.Fail(AppendResult.Full(new IOException("full")), isReallyThere: false);
        await Assert.ThrowsAsync<JournalLostException>(() => journal.WhenDurableAsync(ticket).AsTask());
        Assert.Equal("fsync", (await ended.Task).Message);
        Assert.Equal(JournalReadiness.Ended, journal.Readiness);
    }

    [Fact]
    public async Task Entries_that_do_not_follow_are_refused_and_leave_nothing_behind()
    {
        var journal = await OpenAsync();
        _gate.LetAllPass();
        var tail = new AccountTail { Account = 1 };
        Assert.Throws<ArgumentException>(() => journal.Append(ref tail, [new Entry { Kind = EntryKind.Suspended, Seq = 2 }]));
        Assert.Throws<ArgumentException>(() => journal.Append(ref tail, []));
        Assert.Equal(new AccountTail { Account = 1 }, tail);
        var nobody = default(AccountTail);
        Assert.Throws<ArgumentException>(() => journal.Append(ref nobody, [new Entry { Kind = EntryKind.Suspended, Seq = 1 }]));
        await journal.WhenDurableAsync(new TestAccount(1).Open(journal));
        Assert.Equal(1, journal.DurableBatch);
    }

    [Fact]
    public async Task A_head_ahead_of_what_is_durable_is_refused()
    {
        var journal = await OpenAsync();
        var account = new TestAccount(1);
        account.Open(journal);
        await Assert.ThrowsAsync<ArgumentException>(() => journal.Heads.WriteAsync([account.Head]));
    }

    [Fact]
    public async Task Closing_waits_for_what_was_taken_and_takes_no_more()
    {
        var journal = await OpenAsync();
        var ticket = new TestAccount(1).Open(journal);
        await _gate.NextAsync();
        var closing = journal.DisposeAsync().AsTask();
        Assert.False(closing.IsCompleted);
        Assert.Throws<JournalUnavailableException>(() => new TestAccount(2).Open(journal));
        _gate.Pass();
        await closing;
        Assert.True(journal.IsDurable(ticket));
        await journal.DisposeAsync();
    }

    [Fact]
    public async Task Closing_does_not_wait_for_a_store_that_fails_for_good()
    {
        var journal = await OpenAsync();
        var ticket = new TestAccount(1).Open(journal);
        await _gate.NextAsync();
        _gate.HoldTip();
        var closing = journal.DisposeAsync().AsTask();
        _gate.Fail(AppendResult.Unknown(new IOException("gone")), isReallyThere: false);
        await closing;
        await Assert.ThrowsAsync<JournalLostException>(() => journal.WhenDurableAsync(ticket).AsTask());
    }

    [Fact]
    public async Task What_a_store_throws_counts_as_an_unknown_outcome()
    {
        var journal = await OpenAsync();
        var ticket = new TestAccount(1).Open(journal);
        await _gate.NextAsync();
        var waiting = journal.WhenDurableAsync(ticket).AsTask();
        _gate.Throw(new InvalidOperationException("a store with a bug"));
        var lost = await Assert.ThrowsAsync<JournalLostException>(() => waiting);
        Assert.Contains("a store with a bug", lost.Message, StringComparison.Ordinal);
        await ReadyAsync(journal);
    }

    private static bool IsLost(GroupCommit journal, AccountTail tail) => journal.IsLost(ref tail);

    private static AccountTail Kept(GroupCommit journal, AccountTail tail)
    {
        Assert.False(journal.IsLost(ref tail));
        return tail;
    }

    private async Task<GroupCommit> OpenAsync(JournalOptions? options = null)
    {
        options = (options ?? new JournalOptions()) with { FirstRetryDelay = TimeSpan.FromMilliseconds(1) };
        _journal = await GroupCommit.OpenAsync(_gate, "test", options, TimeProvider.System);
        _journal.Lost += _lost.Add;
        return _journal;
    }

    private static async Task ReadyAsync(GroupCommit journal)
    {
        while (journal.Readiness != JournalReadiness.Ready) await Task.Delay(1);
    }
}
