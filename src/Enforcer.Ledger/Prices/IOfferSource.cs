using Enforcer.Pricing.Quoting;

namespace Enforcer.Ledger.Prices;

/// <summary>
/// Offers by their pins. A pin names the content of prices and rules, so whatever is found under it is the same for ever, and a decision that
/// asks here is as pure as one that was handed the offer.
/// </summary>
public interface IOfferSource
{
    /// <summary>The offer that a reservation is pinned to; null if it is not at hand (<see cref="Refusal.NeedsOffer"/>).</summary>
    Offer? Find(PricedCall reservation);
}
