using Enforcer.Journal.Format;

namespace Enforcer.Journal.Reading;

/// <summary>
/// Finds where accounts' journals end, by going through batches of one stream in order: for a successor, who must know what its predecessor left
/// behind. Only the headers of records are read; the chain of hashes is checked on the way.
/// </summary>
public sealed class TailScan
{
    private readonly Dictionary<long, AccountTail> _tails = [];
    private readonly HashSet<long>? _wanted;
    private ReadOnlyMemory<byte> _hash;

    /// <summary>A scan that begins after a batch.</summary>
    /// <param name="through">The batch before the first one to be added; the stream's origin for none.</param>
    /// <param name="hash">That batch's hash; 32 zero bytes for none.</param>
    /// <param name="wanted">Only these accounts; null for all.</param>
    public TailScan(long through, ReadOnlyMemory<byte> hash, IReadOnlyCollection<long>? wanted = null)
    {
        Through = through;
        _hash = hash;
        _wanted = wanted?.ToHashSet();
    }

    /// <summary>The last batch that was added.</summary>
    public long Through { get; private set; }

    /// <summary>Where the accounts end that were met, by their numbers.</summary>
    public IReadOnlyDictionary<long, AccountTail> Tails => _tails;

    /// <summary>Goes through the next batch.</summary>
    /// <exception cref="JournalCorruptException">It is not the next one, or not what was written.</exception>
    public void Add(StoredBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        BatchFormat.Check(batch, Through + 1, _hash.Span);
        var records = new RecordReader(batch.Payload.Span, batch.Number);
        while (records.TryRead(out var record))
        {
            if (_wanted?.Contains(record.Account) == false) continue;
            _tails[record.Account] = new AccountTail { Account = record.Account, Seq = record.LastSeq, LastBatch = batch.Number, Crc = record.Crc };
        }
        _hash = batch.Hash;
        Through = batch.Number;
    }
}
