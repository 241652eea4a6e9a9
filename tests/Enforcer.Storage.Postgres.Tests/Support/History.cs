using Enforcer.Journal.Format;
using Enforcer.Journal.Tests.Support;
using Enforcer.Journal.Verifying;
using Enforcer.Ledger;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Entries;

namespace Enforcer.Storage.Postgres.Tests.Support;

/// <summary>What an account's journal says, seen from one node.</summary>
internal static class History
{
    /// <summary>All entries, oldest first; the walk itself checks the chain of checksums from stream to stream.</summary>
    public static async Task<List<Entry>> ReadAsync(TestNode node, long account)
    {
        var entries = new List<Entry>();
        await foreach (var entry in node.Reader.WalkBackAsync(account)) entries.Add(entry);
        entries.Reverse();
        Assert.Equal(Enumerable.Range(1, entries.Count).Select(seq => (long)seq), entries.Select(entry => entry.Seq));
        return entries;
    }

    /// <summary>The node finds the same state that the account had in memory, and the same history.</summary>
    public static async Task RequireSameAsync(TestNode node, TestAccount account)
    {
        var loaded = await node.Reader.LoadAsync(account.Tail.Account);
        Assert.Equal(account.Tail.Seq, loaded.Tail.Seq);
        Assert.Equal(account.Tail.Crc, loaded.Tail.Crc);
        Assert.Equal(SnapshotCodec.Write(AccountSnapshot.Of(account.State)), SnapshotCodec.Write(AccountSnapshot.Of(loaded.State)));
        var history = await ReadAsync(node, account.Tail.Account);
        Assert.Equal(account.All, history[^account.All.Count..]);
    }

    /// <summary>What <c>enforcer verify</c> would say.</summary>
    public static async Task<bool> IsSoundAsync(string database)
    {
        var streams = await PostgresJournalStore.ReadAllAsync(new PostgresOptions { ConnectionString = database }, CancellationToken.None);
        var report = await new JournalVerifier(streams, LedgerOptions.Default).VerifyAsync();
        foreach (var stream in streams) await stream.DisposeAsync();
        return report.IsSound;
    }
}
