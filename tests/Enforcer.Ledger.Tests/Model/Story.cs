using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Rules;
using Enforcer.Ledger.Tests.Scenarios;

namespace Enforcer.Ledger.Tests.Model;

/// <summary>Tells one story to the rules and to the model, and compares them after every step.</summary>
internal sealed class Story
{
    public static readonly LedgerOptions Options = LedgerOptions.Default with
    {
        RememberedOperations = 3,
        MaxOpenReservations = 5,
        DefaultTtlMs = 60_000,
    };

    private readonly NaiveAccount _model = new(Options);
    private readonly NaiveRules _naive;
    private readonly Decider _decide;
    private readonly EntryBuffer _buffer = new();
    private readonly List<Entry> _journal = [];
    private readonly List<Command> _sent = [];
    private readonly AccountState _replayed = new();
    private AccountState _state = new();
    private long _clockMs = Account.Moment("2026-03-27 22:40"); // soon midnight in Berlin, then in UTC; in two days a night of 23 hours
    private ulong _made;

    public Story(Decider decide)
    {
        _naive = new NaiveRules(_model, Options);
        _decide = decide;
    }

    public static Decider Rules { get; } = new AccountRules(Options, Account.Calendar).Decide;

    public void Tell(IReadOnlyList<Step> steps)
    {
        Send(new Command { Kind = CommandKind.Open, OperationId = NewId(), Unit = "USD", Limits = Palette.Choose(steps[0].Who, steps[0].Amount, steps[0].More) });
        foreach (var step in steps)
        {
            _clockMs += step.WaitMs;
            Send(CommandOf(step));
        }
    }

    private Command CommandOf(Step step)
    {
        if (step.Kind == StepKind.Look) return new Command { Kind = CommandKind.Expire };
        if (step.Kind is StepKind.Repeat or StepKind.RepeatOtherwise)
        {
            var again = _sent[Math.Max(0, _sent.Count - 1 - step.Who)];
            return step.Kind == StepKind.Repeat ? again : again with { AmountNanos = again.AmountNanos + 1 };
        }
        var reserved = _sent.Where(c => c.Kind == CommandKind.Reserve).Select(c => c.OperationId).ToList();
        var isReserve = step.Kind == StepKind.Reserve;
        var isExtend = step.Kind == StepKind.Extend;
        var amount = step.Kind is StepKind.TopUp || isReserve ? step.Amount + 1 : step.Amount;
        var tokens = isReserve || isExtend || step.CommandKind == CommandKind.Commit ? step.More : 0;
        return new Command
        {
            Kind = step.CommandKind,
            OperationId = NewId(step.Kind == StepKind.Reserve ? step.Who - 20 : 0),
            ReservationId = isReserve || step.CommandKind >= CommandKind.Open && step.Kind != StepKind.Reverse ? OperationId.None
                : step.Who < reserved.Count ? reserved[^(step.Who + 1)] : OperationId.NewV7(_clockMs, 1, (ulong)step.Who),
            AmountNanos = amount,
            AtLeastNanos = isReserve && step.Who % 3 == 0 ? 1 : 0,
            Tokens = tokens,
            AtLeastTokens = isReserve && step.Who % 4 == 0 && tokens > 0 ? 1 : 0,
            TtlMs = isReserve || isExtend ? (step.Who % 4) switch { 0 => 0, 1 => 30_000, 2 => 3_600_000, _ => LedgerBounds.MaxTtlMs } : 0,
            Final = step.Kind == StepKind.CommitFinal,
            Model = isReserve ? (step.Who % 3) switch { 0 => null, 1 => "m1-small", _ => "m2" } : null,
            Tag = isReserve && step.More % 2 == 0 ? "t1" : null,
            Limits = step.Kind == StepKind.SetLimits ? Palette.Choose(step.Who, step.Amount, step.More) : null,
        };
    }

    private void Send(in Command command)
    {
        _sent.Add(command);
        var first = _journal.Count;
        var actual = Decide(command, null);
        if (actual.Refusal == Refusal.NeedsHistory) actual = Decide(command, Past.Of(_journal, command));
        var expected = _naive.Decide(command, _clockMs);
        CompareAnswers(command, expected, actual);
        CompareAccounts();
        CheckEntries(command, actual, first);
    }

    private Outcome Decide(in Command command, History? history)
    {
        var outcome = _decide(_state, command, _clockMs, history, _buffer);
        foreach (var entry in _buffer.Entries)
        {
            _journal.Add(entry);
            Fold.Apply(_replayed, entry, Options);
            if (entry.HeldDeltaNanos > 0) Assert.True(entry.HeadroomNanos >= 0, $"Granted beyond a cap: {entry}");
        }
        return outcome;
    }

    private static void CompareAnswers(in Command command, in Outcome expected, in Outcome actual)
    {
        Assert.True(expected.Refusal == actual.Refusal, $"{command} gets {actual.Refusal}, but should get {expected.Refusal}.");
        if (!actual.IsGranted || command.Kind == CommandKind.Expire) return;
        Assert.Equal(expected, actual with { Seq = 0 });
    }

    private void CompareAccounts()
    {
        Assert.Equal(_model.Status, _state.Status);
        Assert.Equal(_model.IsOverrun, _state.IsOverrun);
        Assert.Equal(_model.Limits, _state.Limits);
        var reservations = _model.Reservations.ToList();
        Assert.Equal(reservations.Sum(r => r.Booked), _state.CommittedNanos);
        Assert.Equal(reservations.Sum(r => r.Held), _state.HeldNanos);
        Assert.Equal(
            reservations.Where(r => r.IsOpen).Select(r => (r.Made!.Reservation, r.Held, r.HeldTokens, r.ExpiresAtMs)),
            _state.Reservations.ToSortedArray().Select(r => (r.Id, r.HeldNanos, r.Tokens, r.ExpiresAtMs)));
        var counters = _state.Counters.ToArray().Where(c => c is not null).ToList();
        Assert.Equal(_model.Spend.Count, counters.Count);
        foreach (var limit in _model.Spend)
        {
            var counter = counters.Single(c => c!.Limit.IsSameLimit(limit.Limit))!;
            var use = (counter.Current.CommittedNanos, counter.Current.HeldNanos);
            Assert.Equal(_model.UseOf(limit, limit.WindowOf(_model.NowMs)), use);
            Assert.Equal(_model.HeadroomOf(limit), counter.HeadroomNanos);
            Assert.Equal(_model.OverrunOf(limit), counter.Current.OverrunNanos);
        }
        CompareBucket(_model.Requests, _state.Requests, _state.Limits.Requests);
        CompareBucket(_model.Tokens, _state.Tokens, _state.Limits.Tokens);
    }

    private void CompareBucket(NaiveBucket? expected, Ledger.Limits.TokenBucket bucket, Ledger.Limits.RateLimit? limit)
    {
        Assert.Equal(expected is null, limit is null);
        if (expected is null) return;
        Assert.Equal(expected.LevelAt(_model.NowMs), bucket.At(_model.NowMs, limit!).Level);
    }

    /// <summary>The journal by itself: conservation, replay, snapshots, and answers that can be given again.</summary>
    private void CheckEntries(in Command command, in Outcome outcome, int first)
    {
        var text = Snapshots.Text(_state);
        Assert.Equal(text, Snapshots.Text(_replayed));
        _state = AccountSnapshot.Of(_state).ToState();
        Assert.Equal(text, Snapshots.Text(_state));
        _state.Trim();
        Assert.Equal(text, Snapshots.Text(_state));
        Assert.Equal(_journal.Sum(e => e.HeldDeltaNanos), _state.HeldNanos);
        Assert.Equal(_journal.Sum(e => e.CommittedDeltaNanos), _state.CommittedNanos);
        var id = command.OperationId;
        var own = _journal.Skip(first).Where(e => !e.OperationId.IsNone).ToList();
        if (!outcome.IsGranted) Assert.Empty(own);
        if (id.IsNone || !outcome.IsGranted) return;
        var entry = _journal.Single(e => e.OperationId == id);
        Assert.Equal(outcome, Outcome.From(entry));
    }

    private OperationId NewId(int beforeMs = 0) => OperationId.NewV7(_clockMs + (beforeMs * 100), 0, ++_made);
}
