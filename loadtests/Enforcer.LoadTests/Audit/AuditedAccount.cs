using Enforcer.Ledger.Entries;

namespace Enforcer.LoadTests.Audit;

/// <summary>
/// One account added up anew from its entries, by arithmetic that shares nothing with the server's rules. It knows one
/// spend cap, for life: that is what load tests set.
/// </summary>
/// <remarks>
/// The cap promise, entry by entry: a reservation or an extension is granted only if committed + held stays within the
/// cap of that moment. A cap may be lowered below what is used; from then on use may only fall, never rise, until it is
/// within the cap again. A real cost above its hold may cross it by what is told as overrun. <see cref="_allowed"/> is that line.
/// </remarks>
internal sealed class AuditedAccount(string name, AuditFindings findings)
{
    private readonly Dictionary<UInt128, AuditedReservation> _reservations = [];
    private long _allowed = long.MaxValue;
    private long _seq;

    public long? CapNanos { get; private set; }

    public long HeldNanos { get; private set; }

    public long CommittedNanos { get; private set; }

    /// <summary>What expiry has charged and late commits have corrected: no client was answered with it.</summary>
    public long ExpiryChargedNanos { get; private set; }

    public long? HeadroomNanos => CapNanos - CommittedNanos - HeldNanos;

    public int OpenReservations => _reservations.Values.Count(reservation => reservation.Stage == ReservationStage.Open);

    /// <summary>Open reservations whose time was over before a moment (Unix ms), in words.</summary>
    public IEnumerable<string> Overdue(long atMs) => _reservations
        .Where(known => known.Value.Stage == ReservationStage.Open && known.Value.ExpiresAtMs < atMs)
        .Select(known => $"account {name}: reservation {known.Key:x32} is open, {atMs - known.Value.ExpiresAtMs} ms after its time; the account's last entry is {_seq}");

    public void Add(in Entry entry)
    {
        if (entry.Seq != _seq + 1)
            Broken(entry, $"follows entry {_seq}");
        _seq = entry.Seq;
        switch (entry.Kind)
        {
            case EntryKind.Reserved: Reserve(entry); break;
            case EntryKind.Extended: Change(entry, ReservationStage.Open, entry.HeldDeltaNanos, 0, ReservationStage.Open); break;
            case EntryKind.Committed: Settle(entry); break;
            case EntryKind.Released: End(entry, charged: 0, ReservationStage.Released); break;
            case EntryKind.Expired: Expire(entry); break;
            case EntryKind.CommittedLate: SettleLate(entry); break;
            case EntryKind.Reversed: GiveBack(entry); break;
            case EntryKind.LimitsSet: SetCap(entry.Limits?.Spend.Where(limit => limit.IsBalance).Select(limit => (long?)limit.CapNanos).FirstOrDefault()); break;
            case EntryKind.ToppedUp: SetCap(CapNanos + entry.AmountNanos); break;
        }

        CheckCap(entry);
    }

    private void Reserve(in Entry entry)
    {
        if (entry.HeldDeltaNanos <= 0)
            Broken(entry, $"holds {entry.HeldDeltaNanos} nanos");
        if (!_reservations.TryAdd(Id(entry.ReservationId), new AuditedReservation(entry.HeldDeltaNanos, 0, ReservationStage.Open) { ExpiresAtMs = entry.ExpiresAtMs }))
            Broken(entry, "makes a reservation that exists");
        HeldNanos += entry.HeldDeltaNanos;
    }

    private void Settle(in Entry entry)
    {
        var final = entry.Final ? ReservationStage.Settled : ReservationStage.Open;
        Change(entry, ReservationStage.Open, entry.HeldDeltaNanos, entry.CommittedDeltaNanos, final);
        if (entry.CommittedDeltaNanos < 0)
            Broken(entry, $"commits {entry.CommittedDeltaNanos} nanos");
    }

    private void Expire(in Entry entry)
    {
        ExpiryChargedNanos += entry.CommittedDeltaNanos;
        End(entry, entry.CommittedDeltaNanos, ReservationStage.Expired);
        if (entry.CommittedDeltaNanos != 0 && entry.CommittedDeltaNanos != -entry.HeldDeltaNanos)
            Broken(entry, $"charges {entry.CommittedDeltaNanos} of {-entry.HeldDeltaNanos} nanos held");
    }

    private void SettleLate(in Entry entry)
    {
        var before = _reservations.GetValueOrDefault(Id(entry.ReservationId));
        var late = before.LateNanos + entry.AmountNanos;
        var change = (entry.Final ? late : Math.Max(before.ExpiryNanos, late)) - Math.Max(before.ExpiryNanos, before.LateNanos);
        Change(entry, ReservationStage.Expired, entry.HeldDeltaNanos, entry.CommittedDeltaNanos, entry.Final ? ReservationStage.Settled : ReservationStage.Expired);
        _reservations[Id(entry.ReservationId)] = _reservations[Id(entry.ReservationId)] with { LateNanos = late };
        if (entry.CommittedDeltaNanos != change)
            Broken(entry, $"changes the charge by {entry.CommittedDeltaNanos} nanos, not by {change}");
    }

    private void GiveBack(in Entry entry)
    {
        CommittedNanos += entry.CommittedDeltaNanos;
        if (entry.CommittedDeltaNanos > 0 || entry.HeldDeltaNanos != 0)
            Broken(entry, $"gives back {-entry.CommittedDeltaNanos} nanos and frees {-entry.HeldDeltaNanos}");
    }

    private void End(in Entry entry, long charged, ReservationStage stage) =>
        Change(entry, ReservationStage.Open, entry.HeldDeltaNanos, charged, stage);

    private void Change(in Entry entry, ReservationStage from, long heldDelta, long committedDelta, ReservationStage to)
    {
        var id = Id(entry.ReservationId);
        if (!_reservations.TryGetValue(id, out var known) || known.Stage != from)
            Broken(entry, $"needs a reservation that is {from}");
        var held = known.HeldNanos + heldDelta;
        if (held < 0 || (to != ReservationStage.Open && held != 0))
            Broken(entry, $"leaves {held} nanos held by the reservation");
        _reservations[id] = known with
        {
            HeldNanos = held,
            ChargedNanos = known.ChargedNanos + committedDelta,
            Stage = to,
            ExpiryNanos = entry.Kind == EntryKind.Expired ? committedDelta : known.ExpiryNanos,
        };
        HeldNanos += heldDelta;
        CommittedNanos += committedDelta;
    }

    private void SetCap(long? cap)
    {
        CapNanos = cap;
        _allowed = Math.Max(cap ?? long.MaxValue, CommittedNanos + HeldNanos);
    }

    private void CheckCap(in Entry entry)
    {
        var used = CommittedNanos + HeldNanos;
        // What a call really cost is booked, with or without headroom for it; the part without is told as such.
        if (_allowed != long.MaxValue)
            _allowed += entry.OverrunNanos;
        var over = used - _allowed;
        if (over > findings.OverspendNanos)
        {
            findings.OverspendNanos = over;
            findings.Example($"account {name}, entry {entry.Seq}: {used} nanos used where {_allowed} were allowed");
        }

        _allowed = Math.Max(CapNanos ?? long.MaxValue, Math.Min(_allowed, used));
    }

    private void Broken(in Entry entry, string why)
    {
        findings.BrokenEntries++;
        findings.Example($"account {name}, entry {entry.Seq} ({entry.Kind}): {why}");
    }

    private static UInt128 Id(Enforcer.Ledger.OperationId id) => new(id.High, id.Low);
}
