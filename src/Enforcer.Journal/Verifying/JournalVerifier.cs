using Enforcer.Journal.Format;
using Enforcer.Journal.Reading;
using Enforcer.Ledger;
using Enforcer.Ledger.Entries;

namespace Enforcer.Journal.Verifying;

/// <summary>
/// Reads a whole journal and checks everything that can be checked: the chain of batches, each account's chain of records, every entry
/// by the same fold and invariants that serve, the heads byte for byte, and the end against the fence. It changes nothing, and a
/// server may go on writing meanwhile: what comes later is left out.
/// </summary>
/// <remarks>
/// Where several nodes write one journal, all their streams are read together, for an account's history goes from one to the other. The states of all
/// accounts are kept in memory while it runs: about a KiB each.
/// </remarks>
public sealed class JournalVerifier
{
    private const int ProgressEvery = 64;
    private readonly IReadOnlyList<IJournalStore> _stores;
    private readonly LedgerOptions _options;
    private readonly Findings _findings = new();
    private readonly Dictionary<long, HeadFacts> _heads = [];
    private readonly Dictionary<long, AccountReplay> _accounts = [];
    private readonly Dictionary<JournalStream, StreamCheck> _checks = [];
    private readonly List<ArchivedBatches> _archived = [];
    private readonly List<Entry> _entries = [];
    private long _recordCount;
    private long _entryCount;
    private long _bytes;

    /// <summary>A verifier for one run over an opened store.</summary>
    /// <param name="store">The store; one that was opened to be read will do.</param>
    /// <param name="options">The options with which the accounts were served: snapshots depend on how much is remembered.</param>
    public JournalVerifier(IJournalStore store, LedgerOptions options)
        : this([store], options)
    {
    }

    /// <summary>A verifier for one run over all streams of a journal that several nodes write.</summary>
    /// <param name="streams">A store for each stream; heads are read from the first one.</param>
    /// <param name="options">The options with which the accounts were served.</param>
    public JournalVerifier(IReadOnlyList<IJournalStore> streams, LedgerOptions options)
    {
        _stores = streams;
        _options = options;
    }

    /// <summary>Reads everything once.</summary>
    /// <exception cref="JournalFormatException">The journal is from a newer version.</exception>
    public async Task<VerifyReport> VerifyAsync(IProgress<VerifyProgress>? progress = null, CancellationToken cancellation = default)
    {
        try
        {
            await ReadHeadsAndTipsAsync(cancellation).ConfigureAwait(false);
            var read = 0L;
            await foreach (var (stream, batch) in new StreamMerge([.. _checks.Keys]).ReadAsync(cancellation).ConfigureAwait(false))
            {
                _bytes += batch.Payload.Length;
                AddRecords(batch, _checks[stream].Add(batch), _checks[stream].IsCovered(batch.Number));
                if (++read % ProgressEvery == 0) Tell(progress);
            }
            foreach (var check in _checks.Values) await check.FinishAsync(cancellation).ConfigureAwait(false);
        }
        catch (JournalCorruptException e)
        {
            // The store itself cannot read on.
            _findings.Add(e);
        }
        finally
        {
            foreach (var stream in _checks.Keys) await stream.DisposeAsync().ConfigureAwait(false);
        }
        foreach (var account in _accounts.Values) account.Finish(_findings);
        foreach (var (account, head) in _heads)
        {
            if (!_accounts.ContainsKey(account) && !IsArchived(head.LastBatch)) _findings.Add(0, account, head.EndSeq, $"Account {account} has a head, but no entries.");
        }
        Tell(progress);
        return Report();
    }

    private async Task ReadHeadsAndTipsAsync(CancellationToken cancellation)
    {
        // Heads first: each then lies before the tips, also while a server writes.
        await foreach (var head in _stores[0].ReadHeadsAsync(cancellation).ConfigureAwait(false))
        {
            if (head.End.Seq > 0) _heads[head.Account] = HeadFacts.Of(head);
        }
        foreach (var store in _stores)
        {
            JournalTip? tip = null;
            try
            {
                tip = await store.ReadTipAsync(cancellation).ConfigureAwait(false);
            }
            catch (JournalCorruptException e)
            {
                _findings.Add(e);
            }
            var stream = await JournalStream.OpenAsync(store, tip, cancellation).ConfigureAwait(false);
            _archived.AddRange(stream.Archived);
            _checks.Add(stream, new StreamCheck(stream, _findings));
        }
    }

    private void AddRecords(StoredBatch batch, BatchHeader header, bool isCovered)
    {
        // A batch without its hash may have any bytes as its header; its time is then taken from its row.
        var baseMs = header == default ? batch.FirstAtMs : header.FirstAtMs;
        long records = 0, entries = 0;
        try
        {
            var reader = new RecordReader(batch.Payload.Span, batch.Number);
            while (reader.TryRead(out var record))
            {
                records++;
                entries += record.Count;
                if (!_accounts.TryGetValue(record.Account, out var account))
                {
                    HeadFacts? head = _heads.TryGetValue(record.Account, out var facts) ? facts : null;
                    _accounts.Add(record.Account, account = new AccountReplay(record.Account, head, canMove: _stores.Count > 1, IsArchived, _options));
                }
                account.Add(record, batch.Number, baseMs, isCovered, _entries, _findings);
            }
        }
        catch (JournalCorruptException e)
        {
            _findings.Add(batch.Number, 0, 0, $"Batch {batch.Number}: {e.Message}");
        }
        if (header != default && (header.Records != records || header.Entries != entries))
        {
            _findings.Add(
                batch.Number, 0, 0,
                $"Batch {batch.Number} says {header.Records} records, {header.Entries} entries, but holds {records} and {entries}.");
        }
        _recordCount += records;
        _entryCount += entries;
    }

    private bool IsArchived(long batch) => _archived.Exists(some => some.Contains(batch));

    private void Tell(IProgress<VerifyProgress>? progress) =>
        progress?.Report(new VerifyProgress(_checks.Values.Sum(check => check.Batches), _checks.Values.Sum(check => check.OfBatches), _entryCount, _findings.Count));

    private VerifyReport Report() => new()
    {
        Batches = _checks.Values.Sum(check => check.Batches),
        Records = _recordCount,
        Entries = _entryCount,
        Accounts = _accounts.Count,
        Heads = _heads.Count,
        ArchivedBatches = _checks.Values.Sum(check => check.Archived),
        PartialAccounts = _accounts.Values.Count(static account => account.IsPartial),
        Bytes = _bytes,
        FindingCount = _findings.Count,
        Findings = _findings.First,
    };
}
