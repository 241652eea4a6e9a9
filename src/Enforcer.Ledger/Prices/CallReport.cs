using Enforcer.Ledger.Commands;
using Enforcer.Pricing.Metering;

namespace Enforcer.Ledger.Prices;

/// <summary>What a Commit says instead of an amount: what the call used, as the provider reported it.</summary>
public sealed class CallReport : CallQuantities
{
    /// <summary>What was used since the last partial commit; nothing costs nothing.</summary>
    public required Usage Usage { get; init; }

    /// <summary>The terms on which the provider billed it; null: the first ones of the estimate.</summary>
    public CallTerms? Terms { get; init; }

    /// <summary>The quantities are counted or bounded by the edge.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>The model that answered, or null.</summary>
    public string? ServedModel { get; init; }

    /// <summary>The provider's id of the request, or null.</summary>
    public string? RequestId { get; init; }

    /// <summary>How long the call took, in ms.</summary>
    public long LatencyMs { get; init; }

    /// <summary>Where the offer that the reservation is pinned to is found.</summary>
    public required IOfferSource Offers { get; init; }

    internal override void AddTo(ref BodyHash hash)
    {
        for (var i = 0; i < Usage.Count; i++)
        {
            hash.Add(Usage[i].Meter.Name);
            hash.Add(Usage[i].Quantity);
        }
        if (Terms is { } terms) Add(ref hash, terms);
        hash.Add(IsEstimated ? 1 : 0, LatencyMs);
        hash.Add(ServedModel);
        hash.Add(RequestId);
    }
}
