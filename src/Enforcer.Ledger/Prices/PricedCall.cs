using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Metering;

namespace Enforcer.Ledger.Prices;

/// <summary>
/// What an entry, or an open reservation, knows of a call's price. All amounts stand here as they were decided: folding entries never prices
/// anything. The pin tells by which prices, so that anybody can work them out again. Immutable, and compared by value.
/// </summary>
public sealed class PricedCall : IEquatable<PricedCall>
{
    private readonly CountMark[] _marks = [];

    /// <summary>The version of the prices and the rules, each by content: <c>Offer.Pin</c>.</summary>
    public required string Pin { get; init; }

    /// <summary>Who serves the model, as the rate card has it.</summary>
    public required string Provider { get; init; }

    /// <summary>The model whose rates count, as the rate card has it.</summary>
    public required string Model { get; init; }

    /// <summary>Reserved, Extended, reservations: all that the call may use. Null otherwise.</summary>
    public UsageBound? Bound { get; init; }

    /// <summary>Committed, CommittedLate: what was reported, one request included. Reservations: all that was. Null if nothing was reported.</summary>
    public Usage? Usage { get; init; }

    /// <summary>Commits: the terms on which the provider billed it.</summary>
    public CallTerms Terms { get; init; }

    /// <summary>What the entry added to cost. Reservations: what they have booked as cost so far.</summary>
    public long CostNanos { get; init; }

    /// <summary>
    /// Reserved, Extended, reservations: the most that cost can be. CommittedLate: the cost that was reported, of which
    /// <see cref="CostNanos"/> is what it changed.
    /// </summary>
    public long AmountCostNanos { get; init; }

    /// <summary>Reservations: the price of <see cref="Usage"/>, which partial commits have booked.</summary>
    public long PricedNanos { get; init; }

    /// <summary>The cost is a bound or an estimate: the provider's figures are not known.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>Where the call stands in running counts; empty if its prices depend on none.</summary>
    public ReadOnlySpan<CountMark> Marks
    {
        get => _marks;
        init => _marks = value.ToArray();
    }

    /// <summary>The period of the running counts in which the reservation was made; 0 without any.</summary>
    public int Period { get; init; }

    /// <summary>Commits: the model that answered, or null.</summary>
    public string? ServedModel { get; init; }

    /// <summary>Commits: the provider's id of the request, or null.</summary>
    public string? RequestId { get; init; }

    /// <summary>Commits: how long the call took, in ms; 0 if nobody says.</summary>
    public long LatencyMs { get; init; }

    /// <summary>The reservation's part after a commit of so much usage, cost and price.</summary>
    internal PricedCall After(Usage? usage, long costNanos, long priceNanos) => new()
    {
        Pin = Pin,
        Provider = Provider,
        Model = Model,
        Bound = Bound,
        Usage = usage is null ? Usage : Usage?.Plus(usage) ?? usage,
        CostNanos = CostNanos + costNanos,
        AmountCostNanos = AmountCostNanos,
        PricedNanos = PricedNanos + (usage is null ? 0 : priceNanos),
        Marks = Marks,
        Period = Period,
    };

    /// <summary>A late commit's part: what it reported as cost, and what that changed.</summary>
    internal PricedCall Late(long costNanos, long reportedCostNanos) => new()
    {
        Pin = Pin,
        Provider = Provider,
        Model = Model,
        Usage = Usage,
        Terms = Terms,
        CostNanos = costNanos,
        AmountCostNanos = reportedCostNanos,
        IsEstimated = IsEstimated,
        Marks = Marks,
        Period = Period,
        ServedModel = ServedModel,
        RequestId = RequestId,
        LatencyMs = LatencyMs,
    };

    /// <inheritdoc/>
    public bool Equals(PricedCall? other) =>
        ReferenceEquals(this, other) || (other is not null
        && (Pin, Provider, Model, Terms) == (other.Pin, other.Provider, other.Model, other.Terms)
        && (CostNanos, AmountCostNanos, PricedNanos, IsEstimated) == (other.CostNanos, other.AmountCostNanos, other.PricedNanos, other.IsEstimated)
        && (Period, ServedModel, RequestId, LatencyMs) == (other.Period, other.ServedModel, other.RequestId, other.LatencyMs)
        && Equals(Bound, other.Bound) && Equals(Usage, other.Usage) && Marks.SequenceEqual(other.Marks));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PricedCall);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Pin, Model, CostNanos, AmountCostNanos, PricedNanos, Usage);
}
