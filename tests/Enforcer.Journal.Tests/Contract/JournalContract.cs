using Enforcer.Journal.Committing;
using Enforcer.Journal.Format;
using Enforcer.Journal.Reading;
using Enforcer.Journal.Tests.Support;
using Enforcer.Journal.Verifying;
using Enforcer.Ledger;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Entries;

namespace Enforcer.Journal.Tests.Contract;

/// <summary>What every store promises, seen through group commit. Subclassed for each store.</summary>
public abstract class JournalContract
{
    /// <summary>A store over the same journal as all others of this test, not opened yet.</summary>
    protected abstract IJournalStore NewStore();

    [Fact]
    public async Task An_empty_journal_has_no_accounts()
    {
        await using var store = NewStore();
        await using var journal = await OpenAsync(store);
        var loaded = await Reader(journal, store).LoadAsync(7);
        Assert.Equal(0, loaded.Tail.Seq);
        Assert.Equal(AccountStatus.None, loaded.State.Status);
        Assert.Equal(0, journal.DurableBatch);
    }

    [Fact]
    public async Task What_is_durable_is_loaded_again_byte_for_byte()
    {
        await using var store = NewStore();
        await using var journal = await OpenAsync(store);
        var account = new TestAccount(1);
        account.Open(journal);
        for (var i = 0; i < 50; i++)
        {
            account.Cycle(journal);
            if (i % 7 == 0) await journal.WhenDurableAsync(account.Tail.Ticket);
        }
        account.Reserve(journal);
        await journal.WhenDurableAsync(account.Tail.Ticket);
        await AssertSameAsync(account, journal, store);
    }

    [Fact]
    public async Task A_successor_finds_what_was_durable()
    {
        var accounts = Enumerable.Range(1, 20).Select(n => new TestAccount(n)).ToArray();
        await using (var store = NewStore())
        {
            await using var journal = await OpenAsync(store);
            foreach (var account in accounts) account.Open(journal);
            for (var i = 0; i < 10; i++)
            {
                foreach (var account in accounts) account.Cycle(journal);
            }
        }
        await using var next = NewStore();
        await using var successor = await OpenAsync(next);
        foreach (var account in accounts) await AssertSameAsync(account, successor, next);
    }

    [Fact]
    public async Task An_account_goes_on_after_it_was_loaded()
    {
        await using var store = NewStore();
        await using var journal = await OpenAsync(store);
        var first = new TestAccount(3);
        first.Open(journal);
        await journal.WhenDurableAsync(first.Cycle(journal));
        var second = new TestAccount(await Reader(journal, store).LoadAsync(3)) { NowMs = first.NowMs };
        await journal.WhenDurableAsync(second.Cycle(journal));
        await AssertSameAsync(second, journal, store);
    }

    [Fact]
    public async Task Heads_shorten_loading_and_are_the_same_state()
    {
        await using var store = NewStore();
        await using var journal = await OpenAsync(store);
        var account = new TestAccount(5);
        account.Open(journal);
        await journal.WhenDurableAsync(account.Cycle(journal));
        await journal.Heads.WriteAsync([account.Head]);
        Assert.Equal(0, journal.Heads.Lagging);
        Assert.Equal(journal.DurableBatch, journal.Heads.CoveredThrough);
        Assert.True((await Reader(journal, store).LoadAsync(5)).IsHeadCurrent);
        await journal.WhenDurableAsync(account.Cycle(journal));
        Assert.Equal(1, journal.Heads.Lagging);
        Assert.False((await Reader(journal, store).LoadAsync(5)).IsHeadCurrent);
        await AssertSameAsync(account, journal, store);
    }

    [Fact]
    public async Task History_is_walked_back_newest_first()
    {
        await using var store = NewStore();
        await using var journal = await OpenAsync(store);
        var account = new TestAccount(9);
        var other = new TestAccount(10);
        account.Open(journal);
        other.Open(journal);
        for (var i = 0; i < 40; i++)
        {
            account.Cycle(journal);
            if (i % 3 == 0) await journal.WhenDurableAsync(other.Cycle(journal));
        }
        await journal.WhenDurableAsync(account.Tail.Ticket);
        var walked = new List<Entry>();
        await foreach (var entry in Reader(journal, store).WalkBackAsync(9)) walked.Add(entry);
        walked.Reverse();
        Assert.Equal(account.All, walked);
    }

    [Fact]
    public async Task A_replaced_owner_adds_nothing()
    {
        var account = new TestAccount(1);
        await using var old = NewStore();
        var first = await OpenAsync(old);
        await first.WhenDurableAsync(account.Open(first));
        await using var next = NewSuccessor(old);
        await using var second = await OpenAsync(next);
        await Assert.ThrowsAsync<JournalLostException>(async () => await first.WhenDurableAsync(account.Reserve(first)));
        Assert.Equal(JournalReadiness.Ended, first.Readiness);
        Assert.IsType<JournalFencedException>(first.LastError);
        await Assert.ThrowsAsync<JournalFencedException>(() => old.WriteHeadsAsync([], 0, default));
        await Assert.ThrowsAsync<JournalFencedException>(() => old.ReadTipAsync(default));
        var loaded = await Reader(second, next).LoadAsync(1);
        await second.WhenDurableAsync(new TestAccount(loaded).Cycle(second));
        Assert.Equal(loaded.Tail.Seq + 2, (await Reader(second, next).LoadAsync(1)).Tail.Seq);
    }

    [Fact]
    public async Task A_batch_that_does_not_follow_is_not_added()
    {
        await using var store = NewStore();
        var tip = await store.OpenAsync("test", default);
        var batch = new SealedBatch { Number = 2, Payload = new byte[40], PreviousHash = tip.Hash, Hash = new byte[32] };
        Assert.Equal(AppendStatus.Fenced, (await store.AppendAsync(batch)).Status);
        batch.Number = 1;
        batch.PreviousHash = Enumerable.Repeat((byte)1, 32).ToArray();
        Assert.Equal(AppendStatus.Fenced, (await store.AppendAsync(batch)).Status);
        Assert.Null(await store.ReadBatchAsync(1, default));
        batch.PreviousHash = tip.Hash;
        Assert.Equal(AppendStatus.Appended, (await store.AppendAsync(batch)).Status);
        Assert.Equal(1, (await store.ReadTipAsync(default)).Batch);
    }

    [Fact]
    public async Task An_older_head_never_replaces_a_newer_one()
    {
        await using var store = NewStore();
        await using var journal = await OpenAsync(store);
        var account = new TestAccount(1);
        await journal.WhenDurableAsync(account.Open(journal));
        var older = account.Head;
        await journal.WhenDurableAsync(account.Cycle(journal));
        var newer = account.Head;
        await journal.Heads.WriteAsync([newer]);
        await journal.Heads.WriteAsync([older]);
        var head = (await store.ReadHeadAsync(1, default))!;
        Assert.Equal(newer.Seq, head.Seq);
        Assert.Equal(newer.Crc, head.Crc);
        Assert.Equal(newer.Snapshot.ToArray(), head.Snapshot.ToArray());
    }

    [Fact]
    public async Task The_cursor_never_passes_an_account_without_its_head()
    {
        await using var store = NewStore();
        await using var journal = await OpenAsync(store);
        var accounts = Enumerable.Range(1, 4).Select(n => new TestAccount(n)).ToArray();
        foreach (var account in accounts) await journal.WhenDurableAsync(account.Open(journal));
        Assert.Equal([1L, 2L], journal.Heads.Oldest(2));
        await journal.Heads.WriteAsync([accounts[0].Head, accounts[2].Head]);
        Assert.Equal(1, journal.Heads.CoveredThrough);
        Assert.Equal([2L, 4L], journal.Heads.Oldest(9));
        var stale = accounts[1].Head;
        await journal.WhenDurableAsync(accounts[1].Cycle(journal));
        await journal.Heads.WriteAsync([stale, accounts[3].Head]);
        Assert.Equal(stale.LastBatch - 1, journal.Heads.CoveredThrough);
        Assert.Equal([2L], journal.Heads.Oldest(9));
        await journal.Heads.WriteAsync([accounts[1].Head]);
        Assert.Equal(journal.DurableBatch, journal.Heads.CoveredThrough);
        Assert.Equal(0, journal.Heads.Lagging);
    }

    [Fact]
    public async Task Heads_come_back_in_the_order_of_accounts_and_many_at_once()
    {
        await using var store = NewStore();
        await using var journal = await OpenAsync(store);
        var accounts = Enumerable.Range(1, 1_500).Select(n => new TestAccount(1_501 - n)).ToArray();
        foreach (var account in accounts) account.Open(journal);
        foreach (var account in accounts) await journal.WhenDurableAsync(account.Tail.Ticket);
        await journal.Heads.WriteAsync([.. accounts.Select(a => a.Head)]);
        var read = new List<long>();
        await foreach (var head in store.ReadHeadsAsync(default)) read.Add(head.Account);
        Assert.Equal(Enumerable.Range(1, 1_500).Select(n => (long)n), read);
    }

    [Fact]
    public async Task Accounts_that_time_changes_are_found_earliest_first()
    {
        await using var store = NewStore();
        await using var journal = await OpenAsync(store);
        var accounts = Enumerable.Range(1, 4).Select(n => new TestAccount(n)).ToArray();
        foreach (var account in accounts) account.Open(journal);
        accounts[0].Reserve(journal, ttlMs: 30_000);
        accounts[1].Reserve(journal, ttlMs: 10_000);
        accounts[2].Reserve(journal, ttlMs: 90_000);
        foreach (var account in accounts) await journal.WhenDurableAsync(account.Tail.Ticket);
        await journal.Heads.WriteAsync([.. accounts.Select(a => a.Head)]);
        var now = accounts[0].NowMs;
        Assert.Equal(
            [new DueAccount(2, now + 10_000), new DueAccount(1, now + 30_000)],
            await journal.Heads.ReadDueAsync(now + 60_000, 10, default));
        Assert.Equal([new DueAccount(2, now + 10_000)], await journal.Heads.ReadDueAsync(now + 60_000, 1, default));
        Assert.Empty(await journal.Heads.ReadDueAsync(now, 10, default));
    }

    [Fact]
    public async Task An_operation_is_found_without_knowing_its_account()
    {
        await using var store = NewStore();
        var time = new ManualTime();
        await using var journal = await GroupCommit.OpenAsync(store, "test", new JournalOptions(), time);
        var wanted = default(OperationId);
        for (var n = 1; n <= 30; n++)
        {
            var account = new TestAccount(n) { NowMs = time.NowMs };
            account.Open(journal);
            account.Reserve(journal);
            if (n == 17) wanted = account.LastId;
            await journal.WhenDurableAsync(account.Commit(journal, account.LastId));
            time.Advance(1_000);
        }
        var found = new List<FoundEntry>();
        await foreach (var entry in new JournalScan(store).FindAsync(wanted, clockSkewMs: 5_000, throughMs: time.NowMs)) found.Add(entry);
        Assert.Equal([EntryKind.Reserved, EntryKind.Committed], found.Select(f => f.Entry.Kind));
        Assert.All(found, f => Assert.Equal((17L, wanted), (f.Account, f.Entry.ReservationId)));
        await foreach (var entry in new JournalScan(store).FindAsync(wanted, 0, throughMs: wanted.TimeMs - 1)) Assert.Fail(entry.ToString());
    }

    [Fact]
    public async Task A_span_of_time_is_read_in_order()
    {
        await using var store = NewStore();
        var time = new ManualTime();
        await using var journal = await GroupCommit.OpenAsync(store, "test", new JournalOptions(), time);
        var start = time.NowMs;
        for (var n = 1; n <= 20; n++)
        {
            await journal.WhenDurableAsync(new TestAccount(n) { NowMs = time.NowMs }.Open(journal));
            time.Advance(1_000);
        }
        var accounts = new HashSet<long>();
        await foreach (var found in new JournalScan(store).ReadAsync(start + 5_000, start + 8_000)) accounts.Add(found.Account);
        // The batch that was open when the span began may hold something of it.
        Assert.Equal([5L, 6L, 7L, 8L, 9L], accounts);
        Assert.Equal(0, await store.FindBatchBeforeAsync(start, default));
        Assert.Equal(1, await store.FindBatchBeforeAsync(start + 1, default));
        Assert.Equal(20, await store.FindBatchBeforeAsync(long.MaxValue, default));
    }

    [Fact]
    public async Task Time_that_runs_back_does_not_run_back_in_the_journal()
    {
        await using var store = NewStore();
        var time = new ManualTime();
        await using var journal = await GroupCommit.OpenAsync(store, "test", new JournalOptions(), time);
        await journal.WhenDurableAsync(new TestAccount(1).Open(journal));
        time.Advance(-3_600_000);
        await journal.WhenDurableAsync(new TestAccount(2).Open(journal));
        var batches = new List<StoredBatch>();
        await foreach (var batch in store.ReadBatchesAsync(1, 2, default)) batches.Add(batch);
        Assert.Equal(batches[0].FirstAtMs, batches[1].FirstAtMs);
    }

    [Fact]
    public async Task Many_writers_at_once_lose_nothing()
    {
        await using var store = NewStore();
        await using var journal = await OpenAsync(store);
        var accounts = Enumerable.Range(1, 32).Select(n => new TestAccount(n)).ToArray();
        await Task.WhenAll(accounts.Select(account => Task.Run(async () =>
        {
            account.Open(journal);
            for (var i = 0; i < 40; i++)
            {
                var ticket = account.Cycle(journal);
                if (i % 5 == 0) await journal.WhenDurableAsync(ticket);
            }
            await journal.WhenDurableAsync(account.Tail.Ticket);
        })));
        foreach (var account in accounts) await AssertSameAsync(account, journal, store);
        var report = await new JournalVerifier(store, LedgerOptions.Default).VerifyAsync();
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        Assert.Equal(accounts.Sum(a => a.All.Count), report.Entries);
    }

    [Fact]
    public async Task An_unusually_large_record_goes_through()
    {
        await using var store = NewStore();
        await using var journal = await OpenAsync(store);
        var account = new TestAccount(1);
        account.Open(journal);
        for (var i = 0; i < 3_000; i++) account.Reserve(journal, nanos: 1_000, ttlMs: 1_000);
        account.NowMs += 2_000;
        // All of them end by time in the one record of the next command.
        await journal.WhenDurableAsync(account.Cycle(journal));
        await AssertSameAsync(account, journal, store);
    }

    /// <summary>A successor that takes the journal over while the old owner still runs.</summary>
    protected virtual IJournalStore NewSuccessor(IJournalStore old) => NewStore();

    protected static Task<GroupCommit> OpenAsync(IJournalStore store) =>
        GroupCommit.OpenAsync(store, "test", new JournalOptions(), TimeProvider.System);

    protected static AccountReader Reader(GroupCommit journal, IJournalStore store) => new(journal, store, LedgerOptions.Default);

    private protected static async Task AssertSameAsync(TestAccount account, GroupCommit journal, IJournalStore store)
    {
        var loaded = await Reader(journal, store).LoadAsync(account.Tail.Account);
        Assert.Equal(account.Tail with { Generation = loaded.Tail.Generation }, loaded.Tail);
        Assert.Equal(SnapshotCodec.Write(AccountSnapshot.Of(account.State)), SnapshotCodec.Write(AccountSnapshot.Of(loaded.State)));
    }
}
