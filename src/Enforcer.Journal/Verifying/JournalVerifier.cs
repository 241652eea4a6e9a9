using Enforcer.Journal.Format;
using Enforcer.Ledger;
using Enforcer.Ledger.Entries;

namespace Enforcer.Journal.Verifying;

/// <summary>
/// Reads a whole journal and checks everything that can be checked: the chain of batches, each account's chain of records, every entry
/// by the same fold and invariants that serve, the heads byte for byte, and the end against the fence. It changes nothing, and a
/// server may go on writing meanwhile: what comes later is left out.
/// </summary>
/// <remarks>The states of all accounts are kept in memory while it runs: about a KiB each.</remarks>
public sealed class JournalVerifier
{
    private const int ProgressEvery = 64;
    private readonly IJournalStore _store;
    private readonly LedgerOptions _options;
    private readonly Findings _findings = new();
    private readonly Dictionary<long, HeadFacts> _heads = [];
    private readonly Dictionary<long, AccountReplay> _accounts = [];
    private readonly List<Entry> _entries = [];
    private JournalTip? _tip;
    private byte[] _hash = BatchFormat.NoHash.ToArray();
    private long _batch;
    private long _firstAtMs;
    private long _epoch;
    private long _recordCount;
    private long _entryCount;
    private long _bytes;

    /// <summary>A verifier for one run over an opened store.</summary>
    /// <param name="store">The store; one that was opened to be read will do.</param>
    /// <param name="options">The options with which the accounts were served: snapshots depend on how much is remembered.</param>
    public JournalVerifier(IJournalStore store, LedgerOptions options)
    {
        _store = store;
        _options = options;
    }

    /// <summary>Reads everything once.</summary>
    /// <exception cref="JournalFormatException">The journal is from a newer version.</exception>
    public async Task<VerifyReport> VerifyAsync(IProgress<VerifyProgress>? progress = null, CancellationToken cancellation = default)
    {
        try
        {
            await ReadHeadsAndTipAsync(cancellation).ConfigureAwait(false);
            await foreach (var batch in _store.ReadBatchesAsync(_batch + 1, _tip?.Batch ?? long.MaxValue, cancellation).ConfigureAwait(false))
            {
                Add(batch);
                if (_batch % ProgressEvery == 0) Tell(progress);
            }
            await CheckEndAsync(cancellation).ConfigureAwait(false);
        }
        catch (JournalCorruptException e)
        {
            // The store itself cannot read on.
            _findings.Add(e);
        }
        foreach (var account in _accounts.Values) account.Finish(_findings);
        foreach (var (account, head) in _heads)
        {
            if (!_accounts.ContainsKey(account)) _findings.Add(0, account, head.Seq, $"Account {account} has a head, but no entries.");
        }
        Tell(progress);
        return Report();
    }

    private async Task ReadHeadsAndTipAsync(CancellationToken cancellation)
    {
        // Heads first: each then lies before the tip, also while a server writes.
        await foreach (var head in _store.ReadHeadsAsync(cancellation).ConfigureAwait(false))
        {
            if (head.Seq > 0) _heads[head.Account] = HeadFacts.Of(head);
        }
        try
        {
            _tip = await _store.ReadTipAsync(cancellation).ConfigureAwait(false);
            _batch = BatchNumber.OriginOf(_tip.Batch);
        }
        catch (JournalCorruptException e)
        {
            _findings.Add(e);
        }
    }

    private void Add(StoredBatch batch)
    {
        for (var missing = _batch + 1; missing < batch.Number && missing <= _batch + ProgressEvery; missing++)
            _findings.Add(missing, 0, 0, $"Batch {missing} is missing.");
        _batch = batch.Number;
        _bytes += batch.Payload.Length;
        BatchHeader header;
        try
        {
            header = BatchFormat.Check(batch, batch.Number, _hash);
        }
        catch (JournalCorruptException e)
        {
            _findings.Add(e);
            header = default;
        }
        // What follows is chained to what stands in the row, so that one fault is not found again in every later batch.
        _hash = batch.Hash.ToArray();
        if (batch.FirstAtMs < _firstAtMs)
            _findings.Add(batch.Number, 0, 0, $"Batch {batch.Number} was opened at {batch.FirstAtMs} ms, before the one before it at {_firstAtMs} ms.");
        _firstAtMs = Math.Max(_firstAtMs, batch.FirstAtMs);
        if (header != default && (header.Epoch < _epoch || header.Epoch > (_tip?.Epoch ?? long.MaxValue)))
            _findings.Add(batch.Number, 0, 0, $"Batch {batch.Number} was written in epoch {header.Epoch}, outside {_epoch} to {_tip?.Epoch}.");
        _epoch = Math.Max(_epoch, header.Epoch);
        AddRecords(batch, header);
    }

    private void AddRecords(StoredBatch batch, BatchHeader header)
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
                    _accounts.Add(record.Account, account = new AccountReplay(record.Account, head, _options));
                }
                account.Add(record, batch.Number, baseMs, batch.Number <= (_tip?.CoveredThrough ?? 0), _entries, _findings);
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

    /// <summary>The end must be where the fence says it is; a server may have gone on since.</summary>
    private async Task CheckEndAsync(CancellationToken cancellation)
    {
        if (_tip is null) return;
        if (_batch != _tip.Batch)
            _findings.Add(_tip.Batch, 0, 0, $"The journal ends with batch {_batch}, but the fence says batch {_tip.Batch}: it was cut.");
        else if (!_tip.Hash.Span.SequenceEqual(_hash) || (_batch > 0 && _tip.FirstAtMs != _firstAtMs))
            _findings.Add(_batch, 0, 0, $"Batch {_batch} is the last one, but is not the one that was filed as the last.");
        if (_tip.CoveredThrough > _tip.Batch || _tip.CoveredThrough < 0)
            _findings.Add(0, 0, 0, $"Heads are said to be complete through batch {_tip.CoveredThrough}, but the last batch is {_tip.Batch}.");
        if (await _store.ReadBatchAsync(_tip.Batch + 1, cancellation).ConfigureAwait(false) is null) return;
        var later = await _store.ReadTipAsync(cancellation).ConfigureAwait(false);
        if (later.Batch <= _tip.Batch)
            _findings.Add(_tip.Batch + 1, 0, 0, $"Batch {_tip.Batch + 1} is there, but the fence says that batch {_tip.Batch} is the last.");
    }

    private void Tell(IProgress<VerifyProgress>? progress) =>
        progress?.Report(new VerifyProgress(_batch, _tip?.Batch ?? 0, _entryCount, _findings.Count));

    private VerifyReport Report() => new()
    {
        Batches = _batch,
        Records = _recordCount,
        Entries = _entryCount,
        Accounts = _accounts.Count,
        Heads = _heads.Count,
        Bytes = _bytes,
        FindingCount = _findings.Count,
        Findings = _findings.First,
    };
}
