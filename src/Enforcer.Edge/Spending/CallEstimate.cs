using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Metering;

namespace Enforcer.Edge.Spending;

/// <summary>
/// The most that a call can use, told before it is made: what <see cref="ISpendGate.ReserveAsync"/> asks for. Either usage of a model, or
/// a flat amount.
/// </summary>
internal sealed record CallEstimate
{
    /// <summary>Who sells the model, as rate cards name it; empty: whoever alone lists it.</summary>
    public string Provider { get; init; } = "";

    /// <summary>The model.</summary>
    public string Model { get; init; } = "";

    /// <summary>The most tokens of the prompt, however they are billed.</summary>
    public long PromptTokens { get; init; }

    /// <summary>The most tokens that the call may generate, all its choices together; 0 where it generates none.</summary>
    public long OutputTokens { get; init; }

    /// <summary>The fewest that are worth the call.</summary>
    public long LeastOutputTokens { get; init; }

    /// <summary>What else it can use.</summary>
    public IReadOnlyList<MeterPool> Pools { get; init; } = [];

    /// <summary>Every set of terms on which it may be billed; the first is the usual one.</summary>
    public IReadOnlyList<CallTerms> Terms { get; init; } = [CallTerms.Standard];

    /// <summary>The dearest way in which its prompt may be billed: what a call is booked as when nobody knows.</summary>
    public UsageMeter PromptMeter { get; init; } = UsageMeters.Input;

    /// <summary>The flat price in nanos of a call that is not priced by usage; null for one that is.</summary>
    public long? FlatNanos { get; init; }
}
