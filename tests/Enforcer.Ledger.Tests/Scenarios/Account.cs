using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Rules;

namespace Enforcer.Ledger.Tests.Scenarios;

/// <summary>
/// One account in a story: time passes, commands come, answers and balances are as expected. A refusal that the story does
/// not expect fails it. After every step the journal is folded anew, and the snapshot read back, and both must give the
/// same state.
/// </summary>
internal sealed class Account
{
    private readonly LedgerOptions _options;
    private readonly EntryBuffer _buffer = new();
    private readonly Dictionary<string, OperationId> _names = [];
    private AccountRules _rules;
    private bool _isRefusalOpen;
    private ulong _made;

    private Account(LedgerOptions options, string startsAt)
    {
        _options = options;
        _rules = new AccountRules(options, Calendar);
        NowMs = Moment(startsAt);
    }

    /// <summary>A Monday, noon in UTC.</summary>
    public const string Start = "2026-03-02 12:00";

    public static IWindowCalendar Calendar { get; } =
        new WindowCalendar(name => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null);

    public AccountState State { get; private set; } = new();

    public List<Entry> Journal { get; } = [];

    public long NowMs { get; private set; }

    public Outcome Last { get; private set; }

    /// <summary>How often the rules had to be told about the past.</summary>
    public int HistoryLookups { get; private set; }

    public static Account With(string? cap = null, LimitSet? limits = null, LedgerOptions? options = null, string at = Start)
    {
        var account = new Account(options ?? LedgerOptions.Default, at);
        return account.Do(new Command { Kind = CommandKind.Open, Unit = "USD", Limits = limits ?? Limit.Life(cap) });
    }

    public static Account NeverOpened() => new(LedgerOptions.Default, Start);

    public static long Moment(string text) => new DateTimeOffset(
        DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero).ToUnixTimeMilliseconds();

    public Account At(string moment)
    {
        NowMs = Moment(moment);
        return this;
    }

    public Account Wait(long ms)
    {
        NowMs += ms;
        return this;
    }

    public Account WaitMinutes(long minutes) => Wait(minutes * 60_000);

    public Account WaitHours(long hours) => Wait(hours * 3_600_000);

    public Account Reserve(
        string amount, string name = "call", string? atLeast = null, long tokens = 0, long atLeastTokens = 0, long ttlMs = 0,
        string? model = null, string? tag = null, OperationId? id = null)
    {
        var command = new Command
        {
            Kind = CommandKind.Reserve,
            OperationId = id ?? NewId(),
            AmountNanos = Money.Nanos(amount),
            AtLeastNanos = atLeast is null ? 0 : Money.Nanos(atLeast),
            Tokens = tokens,
            AtLeastTokens = atLeastTokens,
            TtlMs = ttlMs,
            Model = model,
            Tag = tag,
        };
        return Do(command, name);
    }

    /// <summary>Sends a Reserve whose reservation gets a name.</summary>
    public Account Do(Command command, string name)
    {
        if (command.OperationId.IsNone) command = command with { OperationId = NewId() };
        Do(command);
        if (Last.IsGranted) _names[name] = command.OperationId;
        return this;
    }

    public Account Extend(string more = "$0", string name = "call", long tokens = 0, long ttlMs = 0) => Do(new Command
    {
        Kind = CommandKind.Extend,
        ReservationId = _names[name],
        AmountNanos = Money.Nanos(more),
        Tokens = tokens,
        TtlMs = ttlMs,
    });

    public Account Commit(string cost, string name = "call", bool final = true, long tokens = 0) => Do(new Command
    {
        Kind = CommandKind.Commit,
        ReservationId = _names[name],
        AmountNanos = Money.Nanos(cost),
        Tokens = tokens,
        Final = final,
    });

    public Account CommitPart(string cost, string name = "call", long tokens = 0) => Commit(cost, name, final: false, tokens);

    public Account Release(string name = "call") => Do(new Command { Kind = CommandKind.Release, ReservationId = _names[name] });

    /// <summary>Lets the host look after what is due.</summary>
    public Account Expire() => Do(new Command { Kind = CommandKind.Expire });

    /// <summary>Null gives back all that is committed.</summary>
    public Account Reverse(string? amount = null, string name = "call") => Do(new Command
    {
        Kind = CommandKind.Reverse,
        ReservationId = _names[name],
        AmountNanos = amount is null ? 0 : Money.Nanos(amount),
        Actor = "ada",
        Reason = "disputed",
    });

    public Account SetCap(string cap) => SetLimits(Limit.Life(cap));

    public Account SetLimits(LimitSet limits) =>
        Do(new Command { Kind = CommandKind.SetLimits, Limits = limits, Actor = "ada", Reason = "agreed" });

    public Account TopUp(string amount) => Do(new Command { Kind = CommandKind.TopUp, AmountNanos = Money.Nanos(amount), Actor = "ada" });

    public Account Suspend() => Do(new Command { Kind = CommandKind.Suspend, Actor = "ada" });

    public Account Resume() => Do(new Command { Kind = CommandKind.Resume, Actor = "ada" });

    public Account Close() => Do(new Command { Kind = CommandKind.Close, Actor = "ada" });

    /// <summary>Sends any command; one without an operation id gets a new one.</summary>
    public Account Do(Command command)
    {
        Assert.False(_isRefusalOpen, $"The story goes on, but the command before was refused: {Last}");
        if (command.OperationId.IsNone && command.Kind != CommandKind.Expire) command = command with { OperationId = NewId() };
        Last = Decide(command, null);
        if (Last.Refusal == Refusal.NeedsHistory)
        {
            HistoryLookups++;
            Last = Decide(command, Past.Of(Journal, command));
        }
        _isRefusalOpen = !Last.IsGranted;
        CheckJournal();
        return this;
    }

    /// <summary>The command before was refused, by this name; what else is given is checked too.</summary>
    public Account Refused(Refusal refusal, string? limit = null, string? shortBy = null, string? inFlight = null, long? retryAfterMs = null)
    {
        Assert.Equal(refusal, Last.Refusal);
        if (limit is not null) Assert.Equal(limit, Last.Limit);
        if (shortBy is not null) Assert.Equal(shortBy, Money.Text(Last.ShortBy));
        if (inFlight is not null) Assert.Equal(inFlight, Money.Text(Last.InFlight));
        if (retryAfterMs is not null) Assert.Equal(retryAfterMs, Last.RetryAfterMs);
        _isRefusalOpen = false;
        return this;
    }

    /// <summary>A Reserve of so much is refused.</summary>
    public Account Refuses(string amount, Refusal refusal, string limit) => Reserve(amount, "refused").Refused(refusal, limit);

    /// <summary>What the last answer said.</summary>
    public Account Answered(string? held = null, string? charged = null, string? overrun = null, string? headroom = null, long? tokens = null)
    {
        Assert.True(Last.IsGranted, $"Refused: {Last}");
        if (held is not null) Assert.Equal(held, Money.Text(Last.HeldNanos));
        if (charged is not null) Assert.Equal(charged, Money.Text(Last.ChargedNanos));
        if (overrun is not null) Assert.Equal(overrun, Money.Text(Last.OverrunNanos));
        if (headroom is not null) Assert.Equal(headroom, Money.Text(Last.HeadroomNanos));
        if (tokens is not null) Assert.Equal(tokens, Last.HeldTokens);
        return this;
    }

    /// <summary>What the account and one of its spend limits (the first unless named) say.</summary>
    public Account Expect(
        string? headroom = null, string? held = null, string? committed = null, string? overrun = null, string? limit = null,
        int? open = null)
    {
        Assert.False(_isRefusalOpen, $"Refused: {Last}");
        if (open is not null) Assert.Equal(open, State.Reservations.Count);
        var counter = State.Counters.ToArray().FirstOrDefault(c => c is not null && (limit is null || c.Limit.Label == limit));
        if (held is not null) Assert.Equal(held, Money.Text(counter?.Current.HeldNanos ?? State.HeldNanos));
        if (committed is not null) Assert.Equal(committed, Money.Text(counter?.Current.CommittedNanos ?? State.CommittedNanos));
        if (headroom is not null) Assert.Equal(headroom, Money.Text(counter!.HeadroomNanos));
        if (overrun is not null) Assert.Equal(overrun, Money.Text(counter!.Current.OverrunNanos));
        return this;
    }

    /// <summary>What the buckets hold now.</summary>
    public Account ExpectRates(long? requests = null, long? tokens = null)
    {
        if (requests is not null) Assert.Equal(requests, State.Requests.At(NowMs, State.Limits.Requests!).Available);
        if (tokens is not null) Assert.Equal(tokens, State.Tokens.At(NowMs, State.Limits.Tokens!).Available);
        return this;
    }

    /// <summary>The account leaves memory and is read back from a snapshot.</summary>
    public Account Reload()
    {
        State = AccountSnapshot.Of(State).ToState();
        _rules = new AccountRules(_options, Calendar);
        return this;
    }

    public OperationId IdOf(string name) => _names[name];

    /// <summary>None if the reservation was refused.</summary>
    public OperationId TryIdOf(string name) => _names.GetValueOrDefault(name);

    public OperationId NewId() => OperationId.NewV7(NowMs, 0, ++_made);

    private Outcome Decide(in Command command, History? history)
    {
        // At any moment an account may be at rest.
        if (_made % 2 == 0) State.Trim();
        var outcome = _rules.Decide(State, command, NowMs, history, _buffer);
        foreach (var entry in _buffer.Entries) Journal.Add(entry);
        return outcome;
    }

    private void CheckJournal()
    {
        var replayed = new AccountState();
        foreach (var entry in Journal) Fold.Apply(replayed, entry, _options);
        var text = Snapshots.Text(State);
        Assert.Equal(text, Snapshots.Text(replayed));
        Assert.Equal(text, Snapshots.Text(AccountSnapshot.Of(State).ToState()));
        Invariants.CheckAll(State);
    }
}
