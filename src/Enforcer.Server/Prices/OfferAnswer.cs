using Enforcer.Ledger.Prices;
using Enforcer.Pricing.Quoting;

namespace Enforcer.Server.Prices;

/// <summary>An offer, or why there is none.</summary>
/// <param name="Offer">By what a call is priced; null if it has no price.</param>
/// <param name="Problem">Why it has none.</param>
/// <param name="Near">Names of models that have a price and are near the one asked for.</param>
/// <param name="ValidUntilMs">Until when it counts: the next version may price otherwise. Unix ms.</param>
internal sealed record OfferAnswer(Offer? Offer, string? Problem, IReadOnlyList<string>? Near, long ValidUntilMs)
{
    /// <summary>No offer.</summary>
    public static OfferAnswer None(string problem, long validUntilMs, IReadOnlyList<string>? near = null) => new(null, problem, near, validUntilMs);

    /// <summary>The estimate with this answer in it.</summary>
    public CallEstimate Complete(CallEstimate estimate) => new()
    {
        Provider = estimate.Provider,
        Bound = estimate.Bound,
        AtLeastOutputTokens = estimate.AtLeastOutputTokens,
        Offer = Offer,
        Problem = Problem,
        Near = Near,
    };
}
