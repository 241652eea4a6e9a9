using Enforcer.Edge.Options;
using Enforcer.Edge.Protocols;
using Enforcer.Edge.Requests;
using Enforcer.Edge.Spending;
using Enforcer.Pricing.Metering;

namespace Enforcer.Edge.Proxy;

/// <summary>What is known of one call while it runs, and the settlement that follows from it.</summary>
internal sealed class RunningCall(CallRequest request, Held held, EdgeOptions options, TimeProvider clock)
{
    private readonly long _startedAt = clock.GetTimestamp();

    public CallRequest Request => request;

    public Held Held { get; private set; } = held;

    public AnswerTally Tally { get; } = request.NewTally();

    /// <summary>How it ends is said.</summary>
    public bool IsSettled { get; set; }

    /// <summary>The provider's id of the request.</summary>
    public string RequestId { get; set; } = "";

    /// <summary>More output was granted while it ran.</summary>
    public void Extend(Held more) => Held = more;

    /// <summary>The worst it can come to: what it is booked at if nothing better is ever known.</summary>
    public Settlement Worst() => Base() with
    {
        FlatNanos = request.Estimate.FlatNanos,
        Usage = request.Estimate.FlatNanos is null ? WorstUsage() : new Dictionary<string, long>(),
        IsEstimated = true,
        LatencyMs = 0,
    };

    /// <summary>It was not made, or the provider did not bill it.</summary>
    public Settlement Nothing() => Base() with { IsRelease = true };

    /// <summary>
    /// It has ended. If the provider told its usage, that is what it used, zero included. Otherwise nobody knows, and it is booked by a bound:
    /// as many output tokens as bytes were generated, and what may have been generated but did not arrive, never more than was granted; all that was granted where
    /// tokens are generated out of sight.
    /// </summary>
    /// <param name="isWhole">The answer came to its end in good order.</param>
    public Settlement Ended(bool isWhole)
    {
        if (request.Estimate.FlatNanos is { } flat)
            return Base() with { FlatNanos = flat };
        if (Tally is { IsFinal: true, Usage: { } usage })
            return Known(usage.ToQuantities(), isEstimated: false);
        var most = Math.Max(0, Held.OutputTokens);
        var output = request.ReasonsUnseen
            ? most
            : Math.Min(most, Math.Max(Tally.Usage?.Output ?? 0, Tally.GeneratedBytes + (isWhole ? 0 : options.CutAllowanceTokens)));
        if (Tally.Usage is not { } told || request.Estimate.Pools.Count > 0)
            return Known(Usage(output), isEstimated: true);
        // The prompt was told at the beginning of the stream, the answer was not.
        return Known((told with { Output = output, Reasoning = 0 }).ToQuantities(), isEstimated: true);
    }

    private Settlement Known(Dictionary<string, long> usage, bool isEstimated) => Base() with
    {
        Usage = usage,
        IsEstimated = isEstimated,
        Tier = Tally.Tier is { } tier ? ServiceTiers.NameOf(tier) : "",
        Region = Tally.Region.Length > 0 ? Tally.Region : Tally.Tier is null ? "" : request.Estimate.Terms[0].Region ?? "",
    };

    private Dictionary<string, long> WorstUsage() => Usage(Held.OutputTokens);

    private Dictionary<string, long> Usage(long output)
    {
        var usage = new Dictionary<string, long> { [UsageMeters.Requests.Name] = 1 };
        if (request.Estimate.PromptTokens > 0)
            usage[request.Estimate.PromptMeter.Name] = request.Estimate.PromptTokens;
        if (output > 0)
            usage[UsageMeters.Output.Name] = output;
        foreach (var pool in request.Estimate.Pools)
        {
            if (pool.Most > 0)
                usage[pool.Meters.Meters[0].Name] = pool.Most;
        }
        return usage;
    }

    private Settlement Base() => new()
    {
        ReservationId = Held.ReservationId,
        OperationId = Held.Intent.SettlementId,
        Account = Held.Intent.Account.Name,
        HeldNanos = Held.Nanos,
        ServedModel = Tally.Model,
        RequestId = RequestId,
        LatencyMs = (long)clock.GetElapsedTime(_startedAt).TotalMilliseconds,
    };
}
