using System.Security.Cryptography;
using Enforcer.Journal;
using Enforcer.Journal.Format;
using Enforcer.Ledger;
using Enforcer.Simulation.Kernel;
using Enforcer.Simulation.Storage;

namespace Enforcer.Simulation.Checking;

/// <summary>
/// Reads every batch and head at the moment at which it becomes durable, and compares it with all that came before: one chain of batches per node, one
/// chain of entries per account whatever node wrote them, and the account's own history (<see cref="AccountCheck"/>).
/// </summary>
internal sealed class JournalCheck(World world, LedgerOptions options, Operations asked)
{
    private readonly Dictionary<int, (long Tip, byte[] Hash)> _streams = [];
    private readonly Dictionary<int, List<(long Batch, long Account, long Seq)>> _uncovered = [];
    private readonly SortedDictionary<long, AccountCheck> _accounts = [];

    public IEnumerable<AccountCheck> Accounts => _accounts.Values;

    public long Entries { get; private set; }

    public AccountCheck AccountOf(long account)
    {
        if (!_accounts.TryGetValue(account, out var found)) _accounts.Add(account, found = new AccountCheck(world, account, options, asked));
        return found;
    }

    public void Appended(NodeRow row, StoredBatch batch, bool isWhole)
    {
        var (tip, hash) = _streams.GetValueOrDefault(row.Node, (BatchNumber.OriginOf(row.Node), new byte[32]));
        var expected = SHA256.HashData([.. hash, .. batch.Payload.Span]);
        if (batch.Number != tip + 1) world.Break("one history", $"batch {batch.Number} of {row.Name} follows batch {tip}");
        if (isWhole && !expected.AsSpan().SequenceEqual(batch.Hash.Span)) world.Break("one history", $"batch {batch.Number} of {row.Name} does not have its hash");
        _streams[row.Node] = (batch.Number, expected);
        if (!_uncovered.TryGetValue(row.Node, out var uncovered)) _uncovered.Add(row.Node, uncovered = []);
        try
        {
            Read(batch, isWhole, uncovered);
        }
        catch (JournalCorruptException corrupt)
        {
            world.Break("one history", corrupt.Message);
        }
    }

    public void HeadWritten(AccountHead head) => AccountOf(head.Account).CheckHead(head);

    /// <summary>Heads are said to be complete up to a batch: so they must be.</summary>
    public void Covered(NodeRow row, SimDatabase database)
    {
        if (!_uncovered.TryGetValue(row.Node, out var uncovered)) return;
        foreach (var (batch, account, seq) in uncovered.Where(last => last.Batch <= row.CoveredThrough))
        {
            var known = database.ReadHead(account)?.End.Seq ?? 0;
            if (known < seq) world.Break("heads are complete", $"the head of account {account} is at entry {known}, but batch {batch} holds entry {seq}");
        }
        uncovered.RemoveAll(last => last.Batch <= row.CoveredThrough);
    }

    /// <summary>A node that nobody has replaced was refused, and no account was named: healthy accounts were harmed.</summary>
    public void RefusedWithoutCause(string node, StoredBatch batch) =>
        world.Break("no healthy account harmed", $"batch {batch.Number} of {node} was refused as a whole");

    /// <summary>The database has lost a batch that it had told as durable.</summary>
    public void Lost(StoredBatch batch)
    {
        var records = new RecordReader(batch.Payload.Span, batch.Number);
        while (records.TryRead(out var record)) AccountOf(record.Account).Lose(record.FirstSeq);
        var origin = BatchNumber.StreamOf(batch.Number);
        _streams[origin] = (batch.Number - 1, []);
    }

    private void Read(StoredBatch batch, bool isWhole, List<(long Batch, long Account, long Seq)> uncovered)
    {
        var header = BatchFormat.ReadHeader(batch.Payload.Span, batch.Number);
        var records = new RecordReader(batch.Payload.Span, batch.Number);
        var count = 0;
        while (records.TryRead(out var record))
        {
            count++;
            AccountOf(record.Account).Add(record, batch.Number, header.FirstAtMs);
            uncovered.Add((batch.Number, record.Account, record.LastSeq));
            Entries += record.Count;
        }
        if (isWhole && count != header.Records) world.Break("one history", $"batch {batch.Number} says {header.Records} records, but holds {count}");
    }
}
