using Enforcer.Ledger.Commands;
using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Quoting;

namespace Enforcer.Ledger.Prices;

/// <summary>What a Reserve says instead of an amount: the most that its call can use, and the offer that prices it.</summary>
public sealed class CallEstimate : CallQuantities
{
    /// <summary>Who serves the model, as the caller said; null if he did not.</summary>
    public string? Provider { get; init; }

    /// <summary>The most that the call can use, with as much output as was asked for.</summary>
    public required UsageBound Bound { get; init; }

    /// <summary>The least output tokens that are acceptable; 0: all or nothing.</summary>
    public long AtLeastOutputTokens { get; init; }

    /// <summary>By what it is priced; null if the model has no price, and then <see cref="Problem"/> says why, or if nobody has looked yet.</summary>
    public Offer? Offer { get; init; }

    /// <summary>Why there is no offer.</summary>
    public string? Problem { get; init; }

    /// <summary>Names of models that have a price and are near the one asked for.</summary>
    public IReadOnlyList<string>? Near { get; init; }

    internal override void AddTo(ref BodyHash hash)
    {
        hash.Add(Provider);
        hash.Add(AtLeastOutputTokens, Bound.Pools.Count);
        Add(ref hash, Bound.Pools);
        for (var i = 0; i < Bound.Terms.Count; i++) Add(ref hash, Bound.Terms[i]);
    }
}
