using BenchmarkDotNet.Attributes;
using Enforcer.Journal;
using Enforcer.Journal.Committing;
using Enforcer.Journal.Format;
using Enforcer.Ledger;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Rules;

namespace Enforcer.Benchmarks;

/// <summary>
/// The journal's codec, per record of one entry, half of them Reserves and half Commits, 512 to a batch: writing with each account's checksum, sealing with
/// the batch's hash, reading back with the checksum checked.
/// </summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private const int Records = 512;
    private const int UsualBytes = 1 << 20;
    private const long StartMs = 1_772_452_800_000;
    private readonly Entry[] _made = new Entry[Records];
    private readonly OpenBatch _batch = new();
    private readonly List<Entry> _read = new(1);
    private AccountTail _before;

    [GlobalSetup]
    public void Make()
    {
        var (rules, state, entries, made) = (new AccountRules(LedgerOptions.Default, WindowCalendar.Utc), new AccountState(), new EntryBuffer(), 0UL);
        OperationId NewId() => OperationId.NewV7(StartMs, ++made, unchecked(made * 0x9E37_79B9_7F4A_7C15));
        Entry Decide(Command command) => rules.Decide(state, command, StartMs, History.NewOperation, entries) is { IsGranted: true }
            ? entries.Entries[^1]
            : throw new InvalidOperationException(command.Kind.ToString());
        var open = Decide(new Command { Kind = CommandKind.Open, OperationId = NewId(), Unit = "USD", Limits = new LimitSet([new SpendLimit(SpendWindow.Life, LedgerBounds.MaxCapNanos)]) });
        for (var i = 0; i < Records; i += 2)
        {
            var reservation = NewId();
            _made[i] = Decide(new Command { Kind = CommandKind.Reserve, OperationId = reservation, AmountNanos = 1_250_000, Tokens = 1_000, TtlMs = 60_000 });
            _made[i + 1] = Decide(new Command { Kind = CommandKind.Commit, OperationId = NewId(), ReservationId = reservation, AmountNanos = 830_000, Tokens = 640, Final = true });
        }
        _before = new AccountTail { Account = 4_711, Seq = open.Seq, LastBatch = 1, Crc = 1 };
        Write();
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public int Write()
    {
        _batch.Reset(2, UsualBytes);
        _batch.Begin(StartMs);
        var tail = _before;
        for (var i = 0; i < _made.Length; i++) _batch.Add(ref tail, new ReadOnlySpan<Entry>(in _made[i]));
        return _batch.Length;
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public SealedBatch Seal() => _batch.Seal(BatchFormat.NoHash, 1);

    [Benchmark(OperationsPerInvoke = Records)]
    public long Read()
    {
        var reader = new RecordReader(_batch.Payload, 2);
        var (crc, seq) = (_before.Crc, _before.Seq);
        while (reader.TryRead(out var record))
        {
            if (!record.IsSound(crc)) throw new InvalidOperationException($"Record {record.FirstSeq} does not continue the one before.");
            crc = record.Crc;
            _read.Clear();
            record.Decode(StartMs, _read);
            seq = _read[^1].Seq;
        }
        return seq == _made[^1].Seq ? seq : throw new InvalidOperationException($"The last record read is {seq}.");
    }
}
