using Enforcer.Journal.Committing;
using Enforcer.Journal.Format;
using Enforcer.Journal.Reading;
using Enforcer.Journal.Tests.Support;
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
