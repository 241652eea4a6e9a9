using Enforcer.LoadTests.Measuring;
using Enforcer.Protocol.V1;
using Enforcer.SimulatedUpstream;
using Google.Protobuf;

namespace Enforcer.LoadTests.Gateway;

/// <summary>
/// The ledger against what the upstream says it served. Each call was booked once: exactly, where the provider's usage was known; at no less than was served and
/// no more than was held, where it was not. Calls whose edge was killed have no id of the provider's in the ledger: there is one booking at the whole hold for each of them, and
/// every hold is above what any of them was served.
/// </summary>
internal sealed class BooksAudit
{
    private const long RoundingNanos = 10;
    private readonly Dictionary<string, ServedCall> _served;
    private readonly List<string> _faults = [];
    private readonly List<long> _unnamed = [];
    private long _booked;
    private long _exact;
    private long _estimated;
    private long _twice;
    private long _released;

    public BooksAudit(IEnumerable<ServedCall> served) => _served = served.ToDictionary(call => call.Id[(call.Id.IndexOf('-', StringComparison.Ordinal) + 1)..]);

    /// <summary>Takes in one account.</summary>
    public void Add(IReadOnlyList<LedgerEntry> entries, AccountView account)
    {
        var holds = entries.Where(entry => entry.Kind == EntryKind.ReservationMade).ToDictionary(entry => entry.ReservationId, entry => entry.HeldChangeNanos);
        var ends = new Dictionary<ByteString, int>();
        var sum = 0L;
        foreach (var entry in entries)
        {
            sum += entry.CommittedChangeNanos;
            if (entry.Kind is not (EntryKind.ReservationCommitted or EntryKind.ReservationReleased or EntryKind.ReservationExpired))
                continue;
            ends[entry.ReservationId] = ends.GetValueOrDefault(entry.ReservationId) + 1;
            if (entry.Kind == EntryKind.ReservationCommitted)
                Check(entry, holds[entry.ReservationId]);
            else
                _released++;
        }

        _twice += ends.Values.Count(count => count > 1);
        if (ends.Count != holds.Count)
            _faults.Add($"{holds.Count - ends.Count} reservations of {account.Account} have not ended");
        if (sum != account.CommittedNanos || account.HeldNanos != 0)
            _faults.Add($"{account.Account} has {account.CommittedNanos} committed, its entries {sum}; {account.HeldNanos} are held");
    }

    /// <summary>Tells what was found.</summary>
    public void Tell(Report report)
    {
        var unnamedServed = _served.Values.ToList();
        if (unnamedServed.Count > _unnamed.Count)
            _faults.Add($"{unnamedServed.Count - _unnamed.Count} calls were served and not booked");
        if (unnamedServed.Count > 0 && _unnamed.Count > 0 && unnamedServed.Max(ServedPrices.Of) > _unnamed.Min())
            _faults.Add("a call whose edge was killed was booked below what was served");
        report.Operations += _booked;
        report.DoubleEffects += _twice;
        report["cut_booked"] = _booked;
        report["cut_exact"] = _exact;
        report["cut_estimated"] = _estimated;
        report["cut_at_the_hold"] = _unnamed.Count;
        report["cut_served_unnamed"] = unnamedServed.Count;
        report["cut_released"] = _released;
        foreach (var fault in _faults.Take(10))
            report.Fail(fault);
        report.LostAnswers += Math.Max(0, _faults.Count - 10);
    }

    private void Check(LedgerEntry entry, long held)
    {
        _booked++;
        var (name, price) = (entry.Priced.Usage.RequestId.Replace("req_", "", StringComparison.Ordinal), entry.CommittedChangeNanos);
        if (name.Length == 0)
        {
            // A hold is a few nanos more than its usage comes to: lines are rounded up.
            if (price > held || price < held - RoundingNanos || !entry.Priced.Estimated)
                _faults.Add($"a call that the edge did not see the end of was booked at {price} of {held} held");
            _unnamed.Add(price);
            return;
        }

        if (!_served.Remove(name, out var served))
        {
            _faults.Add($"call {name} was booked twice, or never served");
            return;
        }

        var due = ServedPrices.Of(served);
        if (entry.Priced.Estimated)
            _estimated++;
        else
            _exact++;
        if (entry.Priced.Estimated ? price < due || price > held : price != due)
            _faults.Add($"call {name} was booked at {price}; {due} was served, {held} held, estimated {entry.Priced.Estimated}");
    }
}
