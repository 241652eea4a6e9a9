using Enforcer.Ledger.Prices;
using Enforcer.Pricing.Quoting;

namespace Enforcer.Ledger.Tests.Scenarios;

/// <summary>All offers of a story, found by their pins as a server finds them.</summary>
internal sealed class Offers : IOfferSource
{
    private readonly Dictionary<string, Offer> _byPin = [];

    public Offer Add(Offer offer) => _byPin[offer.Pin] = offer;

    public Offer? Find(PricedCall reservation) => _byPin.GetValueOrDefault(reservation.Pin);
}
