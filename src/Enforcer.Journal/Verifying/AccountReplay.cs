using Enforcer.Journal.Format;
using Enforcer.Ledger;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Rules;

namespace Enforcer.Journal.Verifying;

/// <summary>One account while its journal is read from the beginning: its chain, and its state by the same fold that serves it.</summary>
internal sealed class AccountReplay(long account, HeadFacts? head, bool canMove, Predicate<long> isArchived, LedgerOptions options)
{
    private AccountTail _tail = new() { Account = account, Crc = Checksum.SeedOf(account) };
    private AccountState? _state = new();
    private long _owners = 1;
    private bool _isHeadCompared = head is null or { Seq: 0 };

    /// <summary>The last entry in the batches that are said to be covered by heads.</summary>
    public long CoveredSeq { get; private set; }

    /// <summary>True if entries of it are archived, so that its chain is checked from behind them, and its state is not known.</summary>
    public bool IsPartial { get; private set; }

    /// <summary>Checks that a record continues the account's chain, and folds its entries.</summary>
    public void Add(in Record record, long batch, long baseMs, bool isCovered, List<Entry> entries, Findings findings)
    {
        CheckChain(record, batch, findings);
        if (_tail.LastBatch != 0 && BatchNumber.OriginOf(_tail.LastBatch) != BatchNumber.OriginOf(batch)) _owners++;
        _tail.Seq = record.LastSeq;
        _tail.LastBatch = batch;
        _tail.Crc = record.Crc;
        if (isCovered) CoveredSeq = record.LastSeq;
        Fold(record, batch, baseMs, entries, findings);
        if (!_isHeadCompared && _tail.Seq >= head!.Value.Seq) CompareHead(findings);
    }

    /// <summary>At the journal's end.</summary>
    public void Finish(Findings findings)
    {
        var isEndArchived = head is { } known && isArchived(known.LastBatch);
        if (!_isHeadCompared && !isEndArchived)
        {
            findings.Add(
                0, account, head!.Value.Seq,
                $"Account {account} has a head at entry {head.Value.Seq}, but its journal ends at entry {_tail.Seq}.");
        }
        else if (head?.EndSeq > _tail.Seq && !isEndArchived)
        {
            findings.Add(0, account, head.Value.EndSeq, $"Account {account} is said to end with entry {head.Value.EndSeq}, but its journal ends at entry {_tail.Seq}.");
        }
        if ((head?.EndSeq ?? 0) < CoveredSeq)
        {
            findings.Add(0, account, CoveredSeq, $"Account {account} has {(head is null ? "no head" : $"a head at entry {head.Value.EndSeq}")}, " +
                $"but all heads are said to be complete through a batch that holds its entry {CoveredSeq}.");
        }
        if (_state is null) return;
        try
        {
            Invariants.CheckAll(_state);
        }
        catch (Exception e) when (e is LedgerException or OverflowException)
        {
            findings.Add(_tail.LastBatch, account, _tail.Seq, $"Account {account} does not add up at its end: {e.Message}");
        }
    }

    private void CheckChain(in Record record, long batch, Findings findings)
    {
        if (record.PreviousBatch != _tail.LastBatch && record.FirstSeq > _tail.Seq && isArchived(record.PreviousBatch))
        {
            (IsPartial, _state) = (true, null);
            return;
        }
        string? what = null;
        if (record.FirstSeq != _tail.Seq + 1) what = $"entry {record.FirstSeq} follows entry {_tail.Seq}";
        else if (record.PreviousBatch != _tail.LastBatch)
            what = $"its record before is said to be in batch {record.PreviousBatch}, but is in batch {_tail.LastBatch}";
        else if (!record.IsSound(_tail.Crc)) what = "the checksum does not continue that of the record before";
        if (what is null) return;
        var seq = Math.Min(record.FirstSeq, _tail.Seq + 1);
        findings.Add(batch, account, seq, $"Account {account}, entry {seq}, batch {batch}: {what}.");
        // Its chain goes on from here, but its state can no longer be known.
        _state = null;
    }

    private void Fold(in Record record, long batch, long baseMs, List<Entry> entries, Findings findings)
    {
        if (_state is null) return;
        entries.Clear();
        try
        {
            record.Decode(baseMs, entries);
            foreach (var entry in entries) Ledger.Rules.Fold.Apply(_state, entry, options);
        }
        catch (Exception e) when (e is LedgerException or OverflowException or JournalCorruptException)
        {
            var seq = Math.Max(_state.Seq + 1, record.FirstSeq);
            findings.Add(batch, account, seq, $"Account {account}, entry {seq}, batch {batch}: {e.Message}");
            _state = null;
        }
    }

    private void CompareHead(Findings findings)
    {
        _isHeadCompared = true;
        var at = head!.Value;
        if (_state is null)
        {
            // Without a state, the place that the head says it is at can be compared all the same.
            if (IsPartial && _tail.Seq == at.Seq && (_tail.LastBatch != at.LastBatch || _tail.Crc != at.Crc)) AddHead(at, findings);
            return;
        }
        if (_tail.Seq == at.Seq)
        {
            var expected = HeadFacts.Of(AccountHead.Of(_tail, _state)) with { EndSeq = at.EndSeq };
            // An owner that wrote nothing leaves no trace.
            if (canMove && at.Epoch >= _owners) expected = expected with { Epoch = at.Epoch };
            // A dead owner's head that lies behind the account's end is made due at once.
            if (canMove && at is { NextExpiryMs: 0 } && at.EndSeq > at.Seq) expected = expected with { NextExpiryMs = 0 };
            if (at == expected) return;
        }
        AddHead(at, findings);
    }

    private void AddHead(in HeadFacts at, Findings findings) => findings.Add(
        _tail.LastBatch, account, at.Seq, $"Account {account}: its head at entry {at.Seq} is not what its journal gives at that entry.");
}
