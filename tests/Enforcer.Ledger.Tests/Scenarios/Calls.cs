using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Prices;
using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Quoting;
using Enforcer.Pricing.Rules;
using Enforcer.Pricing.Tests.Scenarios;

namespace Enforcer.Ledger.Tests.Scenarios;

/// <summary>Calls of the model "easy" at $2 in and $10 out per million, $0.50 cached, $10 per thousand searches, sold by some rules.</summary>
internal sealed class Calls
{
    private static readonly MeterPool Outcome = new(1, MeterGroup.Of(UsageMeters.OutcomeResolved, UsageMeters.OutcomeFailed));
    private readonly Offers _offers = new();
    private Offer _offer;

    public Calls(params PriceRule[] rules) => _offer = _offers.Add(Shop.WithEasyPrices(rules).Offer);

    /// <summary>What is reserved from now on is sold by other rules.</summary>
    public Calls SellBy(params PriceRule[] rules)
    {
        _offer = _offers.Add(Shop.WithEasyPrices(rules).Offer);
        return this;
    }

    public Command Reserve(long prompt, long output, long atLeast = 0, string? noPrice = null, MeterPool? more = null) => new()
    {
        Kind = CommandKind.Reserve,
        Model = "easy",
        Call = new CallEstimate
        {
            Bound = more is null ? UsageBound.OfText(prompt, output).With(Outcome) : UsageBound.OfText(prompt, output).With(Outcome).With(more),
            AtLeastOutputTokens = atLeast,
            Offer = noPrice is null ? _offer : null,
            Problem = noPrice,
            Near = noPrice is null ? null : ["easy"],
        },
    };

    public Command Extend(OperationId reservation, params MeterPool[] pools) => new()
    {
        Kind = CommandKind.Extend,
        ReservationId = reservation,
        Call = new CallMore { Pools = pools, Offers = _offers },
    };

    public Command Commit(OperationId reservation, bool final, params (UsageMeter, long)[] usage) => new()
    {
        Kind = CommandKind.Commit,
        ReservationId = reservation,
        Final = final,
        Call = new CallReport { Usage = Usage.Of(usage), Offers = _offers, RequestId = "req_1" },
    };
}
