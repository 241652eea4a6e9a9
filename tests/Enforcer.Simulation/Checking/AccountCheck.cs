using Enforcer.Journal;
using Enforcer.Journal.Format;
using Enforcer.Ledger;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Rules;
using Enforcer.LoadTests.Audit;
using Enforcer.Simulation.Kernel;

namespace Enforcer.Simulation.Checking;

/// <summary>
/// One account as its durable entries make it: its chain, the arithmetic of the load tests' audit, buckets counted anew, each operation once and as it was
/// asked for. What production writes as the account's state is compared byte for byte with the fold of the same entries.
/// </summary>
internal sealed class AccountCheck(World world, long account, LedgerOptions options, Operations asked)
{
    private readonly List<Entry> _entries = [];
    private readonly List<Point> _points = [default];
    private readonly Dictionary<OperationId, Entry> _effects = [];
    private readonly Dictionary<OperationId, Entry> _reserved = [];
    private readonly Dictionary<OperationId, Entry> _ended = [];
    private readonly AuditFindings _findings = new();
    private readonly List<Entry> _decoded = [];
    private AuditedAccount? _audit;
    private readonly AccountState _verified = new();
    private LimitSet _limits = LimitSet.Unlimited;
    private AccountStatus _status;
    private Bucket _requests;
    private Bucket _tokens;
    private long _lastBatch;
    private uint _crc = Checksum.SeedOf(account);

    public long Account => account;

    /// <summary>Its last durable entry.</summary>
    public long Seq => _entries.Count;

    public long HeldNanos => Audit.HeldNanos;

    public long CommittedNanos => Audit.CommittedNanos;

    public int OpenReservations { get; private set; }

    /// <summary>The latest state of it that any client was told of.</summary>
    public long ToldSeq { get; set; }

    private AuditedAccount Audit => _audit ??= new AuditedAccount($"{account}", _findings);

    public Point PointAt(long seq) => _points[(int)seq];

    public Entry? EffectOf(OperationId id) => _effects.TryGetValue(id, out var effect) ? effect : null;

    public Entry? ReservedBy(OperationId reservation) => _reserved.TryGetValue(reservation, out var entry) ? entry : null;

    public Entry? EndOf(OperationId reservation) => _ended.TryGetValue(reservation, out var entry) ? entry : null;

    public void Add(in Record record, long batch, long baseMs)
    {
        if (record.FirstSeq != Seq + 1) Break("one history", $"entry {record.FirstSeq} in batch {batch} follows entry {Seq} in batch {_lastBatch}");
        else if (record.PreviousBatch != _lastBatch) Break("one history", $"entry {record.FirstSeq} says that batch {record.PreviousBatch} holds the one before, not {_lastBatch}");
        else if (!record.IsSound(_crc)) Break("one history", $"entry {record.FirstSeq} does not continue the checksum of entry {Seq}");
        if (world.Violation is not null) return;
        (_lastBatch, _crc) = (batch, record.Crc);
        _decoded.Clear();
        record.Decode(baseMs, _decoded);
        foreach (var entry in _decoded) Add(entry);
    }

    /// <summary>A head must be what the entries up to it give.</summary>
    public void CheckHead(AccountHead head)
    {
        if (head.Seq > Seq)
        {
            Break("durable before told", $"a head is at entry {head.Seq}, the journal at entry {Seq}");
            return;
        }
        if (head.Seq < _verified.Seq) return;
        FoldTo(head.Seq);
        var tail = new AccountTail { Account = account, Seq = head.Seq, LastBatch = head.LastBatch, Crc = head.Crc };
        if (world.Violation is null && !AccountHead.Of(tail, _verified).Snapshot.Span.SequenceEqual(head.Snapshot.Span))
            Break("replay gives the state", $"the head at entry {head.Seq} is not what the entries give");
    }

    /// <summary>At the end, when nothing is in flight any more.</summary>
    public void Finish()
    {
        FoldTo(Seq);
        if (world.Violation is not null) return;
        if (HeldNanos != 0 || OpenReservations != 0) Break("no phantom use", $"{OpenReservations} reservations hold {HeldNanos} nanos when nothing is in flight");
        if (_verified.CommittedNanos != CommittedNanos) Break("replay gives the state", $"the fold says {_verified.CommittedNanos} nanos committed, the audit {CommittedNanos}");
        Invariants.CheckAll(_verified);
    }

    /// <summary>The database has lost its entries from here on.</summary>
    public void Lose(long fromSeq)
    {
        if (fromSeq <= ToldSeq) Break("durable before told", $"entry {fromSeq} was lost, but entry {ToldSeq} had been told");
        else Break("durable", $"entry {fromSeq} was lost after the database had told it as durable");
    }

    private void Add(in Entry entry)
    {
        _entries.Add(entry);
        var reservedSeq = ReservedSeqOf(entry);
        _requests.Take(entry.RequestsDelta, entry.AtMs, reservedSeq);
        _tokens.Take(entry.TokensDelta, entry.AtMs, reservedSeq);
        Audit.Add(entry);
        if (_findings.OverspendNanos > 0) Break("cap", _findings.Examples[^1]);
        if (_findings.BrokenEntries > 0) Break("history", _findings.Examples[^1]);
        CheckOperation(entry);
        Change(entry);
        CheckLimits(entry);
        _points.Add(new Point(
            entry.AtMs, Audit.CapNanos ?? long.MaxValue, Audit.CommittedNanos, Audit.HeldNanos, OpenReservations, _limits.Concurrency, _status,
            Audit.CommittedNanos + Audit.HeldNanos > (Audit.CapNanos ?? long.MaxValue), _requests.Whole ?? long.MaxValue, _tokens.Whole ?? long.MaxValue));
    }

    private long ReservedSeqOf(in Entry entry) => _reserved.TryGetValue(entry.ReservationId, out var reserved) ? reserved.Seq : entry.Seq;

    private void Change(in Entry entry)
    {
        if (entry.Kind == EntryKind.Reserved) OpenReservations++;
        if (entry.Kind is EntryKind.Released or EntryKind.Expired || (entry.Kind == EntryKind.Committed && entry.Final)) OpenReservations--;
        switch (entry.Kind)
        {
            case EntryKind.Opened or EntryKind.Resumed: _status = AccountStatus.Active; break;
            case EntryKind.Suspended: _status = AccountStatus.Suspended; break;
            case EntryKind.Closed: _status = AccountStatus.Closed; break;
            case EntryKind.Reserved: _reserved[entry.ReservationId] = entry; break;
            case EntryKind.Extended: _reserved[entry.ReservationId] = _reserved[entry.ReservationId] with { ExpiresAtMs = entry.ExpiresAtMs }; break;
            case EntryKind.Released or EntryKind.Expired: _ended[entry.ReservationId] = entry; break;
            case EntryKind.Committed when entry.Final: _ended[entry.ReservationId] = entry; break;
            case EntryKind.LimitsSet: SetLimits(entry); break;
        }
    }

    private void SetLimits(in Entry entry)
    {
        _limits = entry.Limits!;
        _requests.Set(_limits.Requests, entry.AtMs, entry.Seq);
        _tokens.Set(_limits.Tokens, entry.AtMs, entry.Seq);
    }

    private void CheckLimits(in Entry entry)
    {
        if (entry.Kind == EntryKind.Expired) CheckExpiry(entry);
        if (entry.Kind is not (EntryKind.Reserved or EntryKind.Extended)) return;
        if (_limits.Concurrency > 0 && OpenReservations > _limits.Concurrency && entry.Kind == EntryKind.Reserved)
            Break("concurrency", $"entry {entry.Seq}: {OpenReservations} open where {_limits.Concurrency} may be");
        if (entry.RequestsDelta > 0 && _requests.Whole < 0) Break("request rate", $"entry {entry.Seq}: the bucket holds {_requests.Whole}");
        if (entry.TokensDelta > 0 && _tokens.Counts(ReservedSeqOf(entry)) && _tokens.Whole < 0) Break("token rate", $"entry {entry.Seq}: the bucket holds {_tokens.Whole}");
        if (entry.HeldDeltaNanos > 0 && Audit.HeadroomNanos < 0) Break("cap", $"entry {entry.Seq}: a grant leaves a headroom of {Audit.HeadroomNanos}");
        if (_status != AccountStatus.Active) Break("status", $"entry {entry.Seq}: a grant while {_status}");
    }

    private void CheckExpiry(in Entry entry)
    {
        var charged = _limits.OnExpiry == ExpiryPolicy.Charge ? -entry.HeldDeltaNanos : 0;
        if (entry.CommittedDeltaNanos != charged) Break("expiry", $"entry {entry.Seq} charges {entry.CommittedDeltaNanos}, not {charged}, of {-entry.HeldDeltaNanos} held");
        if (entry.AtMs < _reserved[entry.ReservationId].ExpiresAtMs) Break("expiry", $"entry {entry.Seq} at {entry.AtMs} ms comes before its time");
    }

    private void CheckOperation(in Entry entry)
    {
        if (entry.OperationId.IsNone)
        {
            if (entry.Kind is not (EntryKind.Expired or EntryKind.WindowOpened) && !(entry.Kind == EntryKind.LimitsSet && entry.Seq == 2))
                Break("nothing by itself", $"entry {entry.Seq} ({entry.Kind}) has no operation");
            return;
        }
        if (!_effects.TryAdd(entry.OperationId, entry))
            Break("once", $"entry {entry.Seq}: operation {entry.OperationId} takes effect again, after entry {_effects[entry.OperationId].Seq}");
        if (asked.Find(account, entry.OperationId, entry.BodyHash) is not { } command) Break("nothing by itself", $"entry {entry.Seq} ({entry.Kind}): nobody asked for it");
        else if (!IsOf(entry, command)) Break("as asked", $"entry {entry.Seq} ({entry.Kind}) is not what {command.Kind} asked for");
    }

    private static bool IsOf(in Entry entry, in Command command) => entry.Kind switch
    {
        EntryKind.Opened => command.Kind == CommandKind.Open,
        EntryKind.Reserved => command.Kind == CommandKind.Reserve && entry.HeldDeltaNanos <= command.AmountNanos
            && entry.HeldDeltaNanos >= (command.AtLeastNanos == 0 ? command.AmountNanos : command.AtLeastNanos),
        EntryKind.Extended => command.Kind == CommandKind.Extend && entry.HeldDeltaNanos == command.AmountNanos,
        EntryKind.Committed => command.Kind == CommandKind.Commit && entry.CommittedDeltaNanos == command.AmountNanos && entry.Final == command.Final,
        EntryKind.CommittedLate => command.Kind == CommandKind.Commit && entry.AmountNanos == command.AmountNanos && entry.Final == command.Final,
        EntryKind.Released => command.Kind == CommandKind.Release,
        EntryKind.Reversed => command.Kind == CommandKind.Reverse,
        EntryKind.LimitsSet => command.Kind == CommandKind.SetLimits && command.Limits!.Equals(entry.Limits),
        EntryKind.ToppedUp => command.Kind == CommandKind.TopUp && entry.AmountNanos == command.AmountNanos,
        EntryKind.Suspended => command.Kind == CommandKind.Suspend,
        EntryKind.Resumed => command.Kind == CommandKind.Resume,
        EntryKind.Closed => command.Kind == CommandKind.Close,
        _ => false,
    };

    private void FoldTo(long seq)
    {
        try
        {
            while (_verified.Seq < seq) Fold.Apply(_verified, _entries[(int)_verified.Seq], options);
        }
        catch (Exception error) when (error is LedgerException or OverflowException)
        {
            Break("replay gives the state", error.Message);
        }
    }

    private void Break(string rule, string what) => world.Break(rule, $"account {account}: {what}");
}
