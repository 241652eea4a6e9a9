using System.Runtime.CompilerServices;
using Enforcer.Journal.Committing;
using Enforcer.Journal.Format;
using Enforcer.Ledger;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Rules;

namespace Enforcer.Journal.Reading;

/// <summary>
/// Makes accounts from their heads and what came after, and walks their histories back. Everything read is checked against the chain of
/// checksums. Safe for concurrent use.
/// </summary>
public sealed class AccountReader
{
    private const int KeptBytes = 16 << 20;

    /// <summary>As long as an account's batches lie at most so far apart, those between are read with them.</summary>
    private const int NearBatches = 16;

    /// <summary>The most that are read at once, after a walk has gone on for a while.</summary>
    private const int MostAtOnce = 256;

    private readonly JournalHeads _heads;
    private readonly BatchReader _batches;
    private readonly LedgerOptions _options;

    /// <summary>A reader of a journal and the store beneath it.</summary>
    public AccountReader(GroupCommit journal, IJournalStore store, LedgerOptions options)
    {
        ArgumentNullException.ThrowIfNull(journal);
        _heads = journal.Heads;
        _batches = new BatchReader(store, KeptBytes);
        _options = options;
    }

    /// <summary>
    /// Loads an account as its durable entries make it, to append to it: where there are several nodes, it becomes this one's if it was nobody's. Nobody may be appending to it, and what was appended before must be durable or lost.
    /// </summary>
    /// <exception cref="JournalElsewhereException">Another node owns it.</exception>
    /// <exception cref="JournalUnavailableException">The journal cannot be read at present.</exception>
    /// <exception cref="JournalCorruptException">The account's journal is damaged; the message names account and entry.</exception>
    public async ValueTask<LoadedAccount> LoadAsync(long account, CancellationToken cancellation = default)
    {
        var (tail, head) = await _heads.ClaimAsync(account, cancellation).ConfigureAwait(false);
        if (tail.Seq == 0) return new LoadedAccount(new AccountState(), tail, IsHeadCurrent: true);
        if (head is { Seq: 0 }) head = null;
        try
        {
            var state = head is null ? new AccountState() : SnapshotCodec.Read(head.Snapshot.Span).ToState();
            if (head is not null && state.Seq != head.Seq)
                throw new LedgerException($"The head says entry {head.Seq}, its snapshot says entry {state.Seq}.");
            var newer = new Stack<AccountBatch>();
            await foreach (var batch in BackAsync(tail, head, cancellation).ConfigureAwait(false)) newer.Push(batch);
            foreach (var batch in newer)
            {
                foreach (var entry in batch.Entries) Fold.Apply(state, entry, _options);
            }
            return new LoadedAccount(state, tail, IsHeadCurrent: newer.Count == 0);
        }
        catch (Exception e) when (e is LedgerException or OverflowException)
        {
            throw new JournalCorruptException($"Account {account} cannot be made from its journal: {e.Message} Run `enforcer verify`.", e)
            {
                Account = account,
            };
        }
    }

    /// <summary>
    /// Walks an account's history back, newest entry first, reading as far as it is asked for. The tail must be durable; entries after it are not
    /// shown.
    /// </summary>
    /// <exception cref="JournalCorruptException">The account's journal is damaged; thrown when the walk gets there.</exception>
    public async IAsyncEnumerable<Entry> WalkBackAsync(AccountTail tail, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        if (tail.Seq == 0) yield break;
        await foreach (var batch in BackAsync(tail, head: null, cancellation).ConfigureAwait(false))
        {
            for (var i = batch.Entries.Count - 1; i >= 0; i--) yield return batch.Entries[i];
        }
    }

    /// <summary>The same from the end of an account's durable journal, for those who do not hold the account.</summary>
    public async IAsyncEnumerable<Entry> WalkBackAsync(long account, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var (tail, _) = await _heads.ReadAsync(account, cancellation).ConfigureAwait(false);
        await foreach (var entry in WalkBackAsync(tail, cancellation).ConfigureAwait(false)) yield return entry;
    }

    /// <summary>The batches of an account's journal, newest first, down to its head or its first entry.</summary>
    private async IAsyncEnumerable<AccountBatch> BackAsync(AccountTail tail, AccountHead? head, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var afterSeq = head?.Seq ?? 0;
        if (tail.Seq == afterSeq) yield break;
        var most = 1;
        var stored = await _batches.ReadAsync(tail.LastBatch, most, cancellation).ConfigureAwait(false);
        var newer = AccountBatch.Read(stored, tail.Account, afterSeq, tail.Seq);
        newer.RequireEndsWith(tail.Account, tail.Crc);
        while (newer.Entries[0].Seq > afterSeq + 1)
        {
            // Who asks for little reads little, and who goes on reads more and more at once.
            var isNear = newer.Batch - newer.PreviousBatch is > 0 and <= NearBatches;
            most = isNear ? Math.Min(most * 4, MostAtOnce) : 1;
            stored = await _batches.ReadAsync(newer.PreviousBatch, most, cancellation).ConfigureAwait(false);
            var older = AccountBatch.Read(stored, tail.Account, afterSeq, newer.Entries[0].Seq - 1);
            newer.RequireContinues(tail.Account, older.LastCrc);
            yield return newer;
            newer = older;
        }
        newer.RequireContinues(tail.Account, head?.Crc ?? Checksum.SeedOf(tail.Account));
        yield return newer;
    }
}
