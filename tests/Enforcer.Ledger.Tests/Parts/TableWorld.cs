using System.Runtime.CompilerServices;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Rules;

namespace Enforcer.Ledger.Tests.Parts;

/// <summary>An account without limits whose open reservations are also kept in a list.</summary>
internal sealed class TableWorld
{
    private const long NowMs = 1_772_452_800_000;
    private readonly AccountRules _rules;
    private readonly AccountState _state = new();
    private readonly EntryBuffer _buffer = new();
    private readonly List<(OperationId Id, long ExpiresAtMs, long Seq)> _open = [];
    private ulong _made;

    public TableWorld(int most)
    {
        _rules = new AccountRules(LedgerOptions.Default with { MaxOpenReservations = most }, WindowCalendar.Utc);
        Decide(new Command { Kind = CommandKind.Open, OperationId = NewId() });
    }

    public int Count => _open.Count;

    public void Reserve(int ttlMs)
    {
        var id = NewId();
        var outcome = Decide(new Command { Kind = CommandKind.Reserve, OperationId = id, AmountNanos = 1, TtlMs = ttlMs });
        _open.Add((id, outcome.ExpiresAtMs, outcome.Seq));
    }

    public void Extend(int which, int ttlMs)
    {
        var (id, _, seq) = _open[which % Count];
        var outcome = Decide(new Command { Kind = CommandKind.Extend, OperationId = NewId(), ReservationId = id, TtlMs = ttlMs });
        _open[which % Count] = (id, outcome.ExpiresAtMs, seq);
    }

    public void End(int which)
    {
        var at = which % Count;
        var id = _open[at].Id;
        Decide(new Command { Kind = CommandKind.Release, OperationId = NewId(), ReservationId = id });
        (_open[at], _open[^1]) = (_open[^1], _open[at]);
        _open.RemoveAt(Count - 1);
        Assert.True(Unsafe.IsNullRef(in _state.Reservations.Find(id)));
    }

    public void Compare()
    {
        Assert.Equal(Count, _state.Reservations.Count);
        Assert.Equal(_open.OrderBy(o => o.Seq).Select(o => (o.Id, o.ExpiresAtMs)), _state.Reservations.ToSortedArray().Select(r => (r.Id, r.ExpiresAtMs)));
        foreach (var (id, expiresAtMs, _) in _open) Assert.Equal(expiresAtMs, _state.Reservations.Find(id).ExpiresAtMs);
        Assert.Equal(_open.Select(o => o.ExpiresAtMs).DefaultIfEmpty(long.MaxValue).Min(), _state.Reservations.NextExpiryMs);
    }

    public void ExpireAll()
    {
        var ended = new List<OperationId>();
        while (_state.Reservations.Count > 0)
        {
            _rules.Decide(_state, new Command { Kind = CommandKind.Expire }, NowMs + 100_000_000, null, _buffer);
            foreach (var entry in _buffer.Entries)
            {
                if (entry.Kind == EntryKind.Expired) ended.Add(entry.ReservationId);
            }
        }
        Assert.Equal(_open.OrderBy(o => o.ExpiresAtMs).ThenBy(o => o.Seq).Select(o => o.Id), ended);
    }

    private Outcome Decide(in Command command)
    {
        var outcome = _rules.Decide(_state, command, NowMs, History.NewOperation, _buffer);
        Assert.True(outcome.IsGranted, outcome.ToString());
        return outcome;
    }

    private OperationId NewId() => OperationId.NewV7(NowMs, 0, ++_made);
}
