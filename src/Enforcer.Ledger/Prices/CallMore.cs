using Enforcer.Ledger.Commands;
using Enforcer.Pricing.Bounds;

namespace Enforcer.Ledger.Prices;

/// <summary>What an Extend says instead of an amount: how much more the call can use.</summary>
public sealed class CallMore : CallQuantities
{
    /// <summary>How much more; pools with the same meters as the reservation's are added to them.</summary>
    public required IReadOnlyList<MeterPool> Pools { get; init; }

    /// <summary>Where the offer that the reservation is pinned to is found.</summary>
    public required IOfferSource Offers { get; init; }

    internal override void AddTo(ref BodyHash hash) => Add(ref hash, Pools);
}
