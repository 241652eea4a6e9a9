using Enforcer.Pricing.Amounts;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Tariffs;

namespace Enforcer.Pricing.Rules;

/// <summary>
/// The customer brings a provider's key and pays the provider. The seller's cost is 0; the price is a platform fee: so many percent of what
/// the call would have been, an amount for each request, or both.
/// </summary>
/// <param name="Percent">0 to 100.</param>
/// <param name="RequestFee">At least 0.</param>
public sealed record BringYourOwnKey(decimal Percent, decimal RequestFee) : PriceRule
{
    private readonly Ratio _share = Ratio.Percent(Within("bringYourOwnKey.percent", Percent, 0, 100));
    private readonly Charge _fee = new(NotNegative("bringYourOwnKey.requestFee", RequestFee), Ratio.One, "platform fee per request");

    /// <inheritdoc/>
    public override Tariff Price(Tariff tariff, RuleContext context) => tariff
        .Map((_, charge) => charge.Times(_share, $"platform fee {PercentText(Percent)}, own key"))
        .With(UsageMeters.Requests, _fee);

    /// <inheritdoc/>
    public override Tariff Cost(Tariff tariff, RuleContext context) => tariff.Map((_, charge) => charge.Times(Ratio.Zero, "own key"));
}
