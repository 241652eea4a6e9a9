using BenchmarkDotNet.Attributes;
using Enforcer.Ledger;
using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Prices;
using Enforcer.Ledger.Rules;
using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Cards;
using Enforcer.Pricing.Defaults;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Quoting;
using Enforcer.Pricing.Rules;

namespace Enforcer.Benchmarks;

/// <summary>
/// Decide and apply where calls are priced in the decision: one cycle is a Reserve by what a call can use and its Commit by what it used. What is
/// allocated is what the reservation and the two entries carry.
/// </summary>
[MemoryDiagnoser]
public class PricedDecisionBenchmarks : IOfferSource
{
    private const long StartMs = 1_772_452_800_000;
    private readonly AccountRules _rules = new(LedgerOptions.Default, WindowCalendar.Utc);
    private readonly EntryBuffer _entries = new();
    private AccountState _state = new();
    private Offer _offer = null!;
    private Command _reserve;
    private Command _commit;
    private ulong _made;

    /// <summary>Sold with a markup alone, or with a volume discount that depends on a running count too.</summary>
    [Params(false, true)]
    public bool IsCounted { get; set; }

    /// <inheritdoc/>
    public Offer? Find(PricedCall reservation) => _offer;

    [GlobalSetup]
    public void OpenAccount()
    {
        _state = new AccountState();
        Decide(new Command { Kind = CommandKind.Open, OperationId = NewId(), Unit = "USD", Limits = new LimitSet([new SpendLimit(SpendWindow.Life, LedgerBounds.MaxCapNanos)]) });
        var card = DefaultRateCard.Read();
        var volume = new VolumeTiers("in", MeterGroup.Prompt, [new VolumeStep(0, 0), new VolumeStep(1_000_000_000, 10)]);
        var plan = new PricePlan("plan", IsCounted ? [new Markup(5), volume] : [new Markup(5)]);
        _offer = new Offer(new PriceVersion(1, DateTimeOffset.UnixEpoch, card), card.Find("claude-opus-4-8")!, new PriceStack(plan));
        _reserve = new Command { Kind = CommandKind.Reserve, Model = "claude-opus-4-8", Call = new CallEstimate { Bound = UsageBound.OfText(1_000, 500), Offer = _offer } };
        var used = Usage.Of((UsageMeters.Input, 200), (UsageMeters.InputCached, 800), (UsageMeters.Output, 120), (UsageMeters.Requests, 1));
        _commit = new Command { Kind = CommandKind.Commit, Final = true, Call = new CallReport { Usage = used, Offers = this } };
    }

    [Benchmark]
    public long Cycle()
    {
        var id = NewId();
        Decide(_reserve with { OperationId = id });
        return Decide(_commit with { OperationId = NewId(), ReservationId = id }).Seq;
    }

    private Outcome Decide(in Command command)
    {
        var outcome = _rules.Decide(_state, command, StartMs, History.NewOperation, _entries);
        return outcome.IsGranted ? outcome : throw new InvalidOperationException(outcome.ToString());
    }

    private OperationId NewId() => OperationId.NewV7(StartMs, 0, ++_made);
}
