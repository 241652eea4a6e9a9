using System.Diagnostics.CodeAnalysis;
using System.Text;
using Enforcer.Ledger.Prices;
using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Metering;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Wire;

/// <summary>
/// What commands say of their calls' quantities, from the wire to the rules and back. The same words for what is wrong, whichever way it came.
/// </summary>
internal static class CallMessages
{
    private const int MaxPools = 32;
    private const int MaxMetersPerPool = 32;
    private const int MaxTerms = 16;
    private const int MaxItems = 64;
    private const int MaxNameBytes = 64;
    private static readonly MeterPool OneRequest = MeterPool.Of(1, UsageMeters.Requests);
    private static readonly MeterPool OneOutcome = new(1, MeterGroup.Of(UsageMeters.OutcomeResolved, UsageMeters.OutcomeFailed));

    /// <summary>Null if the estimate is well-formed; else the field, the value, the rule and the way out.</summary>
    public static string? Problem(V1.UsageEstimate message, out CallEstimate? estimate)
    {
        estimate = null;
        if (NameProblem("estimate.provider", message.Provider) is { } name) return name;
        if (message.Terms.Count > MaxTerms) return $"estimate.terms has {message.Terms.Count}; give at most {MaxTerms}.";
        var terms = new CallTerms[Math.Max(1, message.Terms.Count)];
        for (var i = 0; i < message.Terms.Count; i++)
        {
            if (TermsProblem($"estimate.terms[{i}]", message.Terms[i], out terms[i]) is { } problem) return problem;
        }
        if (PoolsProblem("estimate", message, out var pools) is { } wrong) return wrong;
        AddWhatEveryCallHas(pools, message.OutputTokens);
        try
        {
            estimate = new CallEstimate
            {
                Provider = message.Provider.Length == 0 ? null : message.Provider,
                Bound = new UsageBound(pools, terms),
                AtLeastOutputTokens = message.AtLeastOutputTokens,
            };
            return null;
        }
        catch (ArgumentException e)
        {
            return "estimate: " + FactOf(e);
        }
    }

    /// <summary>The same for what an Extend asks for besides.</summary>
    public static string? Problem(V1.UsageEstimate message, IOfferSource offers, out CallMore? more)
    {
        more = null;
        if (message.Provider.Length > 0 || message.Terms.Count > 0 || message.AtLeastOutputTokens != 0)
            return "more.provider, terms or at_least_output_tokens is set; they are those of the reservation: leave them out.";
        if (PoolsProblem("more", message, out var pools) is { } problem) return problem;
        if (message.OutputTokens > 0) pools.Add(new MeterPool(message.OutputTokens, MeterPool.TextCompletion));
        if (pools.Count == 0) return "more is empty; an extend must raise something.";
        more = new CallMore { Pools = pools, Offers = offers };
        return null;
    }

    /// <summary>The same for what a Commit reports.</summary>
    public static string? Problem(V1.UsageReport message, IOfferSource offers, out CallReport? report)
    {
        report = null;
        if (message.Items.Count > MaxItems) return $"usage.items has {message.Items.Count}; give at most {MaxItems}.";
        var items = new List<(UsageMeter, long)>(message.Items.Count + 1);
        foreach (var item in message.Items)
        {
            if (!UsageMeter.TryParse(item.Meter, out var meter)) return NoMeter($"usage.items[{items.Count}].meter", item.Meter);
            items.Add((meter, item.Quantity));
        }
        if (message.Outcome is < V1.CallOutcome.Unspecified or > V1.CallOutcome.Failed) return $"usage.outcome is {(int)message.Outcome}; give RESOLVED or FAILED, or leave it out.";
        if (message.Outcome == V1.CallOutcome.Resolved) items.Add((UsageMeters.OutcomeResolved, 1));
        if (message.Outcome == V1.CallOutcome.Failed) items.Add((UsageMeters.OutcomeFailed, 1));
        var terms = default(CallTerms);
        if (message.Terms is { } given && TermsProblem("usage.terms", given, out terms) is { } wrong) return wrong;
        try
        {
            report = new CallReport
            {
                Usage = Usage.Of([.. items]),
                Terms = message.Terms is null ? null : terms,
                IsEstimated = message.Estimated,
                ServedModel = EdgeRequests.NullIfEmpty(message.ServedModel),
                RequestId = EdgeRequests.NullIfEmpty(message.RequestId),
                LatencyMs = message.LatencyMs,
                Offers = offers,
            };
            return null;
        }
        catch (ArgumentException e)
        {
            return FactOf(e);
        }
    }

    /// <summary>What an entry knows of its call's price.</summary>
    public static V1.PricedCall Of(PricedCall call, long priceNanos)
    {
        var view = new V1.PricedCall
        {
            Provider = call.Provider,
            Model = call.Model,
            PricePin = call.Pin,
            CostNanos = call.CostNanos,
            PriceNanos = priceNanos,
            Estimated = call.IsEstimated,
        };
        if (call.Bound is { } bound)
        {
            view.Estimate = Of(bound, call.Provider);
            view.MostCostNanos = call.AmountCostNanos;
        }
        if (call.Usage is { } usage) view.Usage = Of(call, usage);
        return view;
    }

    /// <summary>Quantities by meter.</summary>
    public static IEnumerable<V1.MeteredUsage> Of(Usage usage) =>
        usage.Select(item => new V1.MeteredUsage { Meter = item.Meter.Name, Quantity = item.Quantity });

    private static V1.UsageReport Of(PricedCall call, Usage usage) => new()
    {
        Items = { Of(usage) },
        Terms = Of(call.Terms),
        Outcome = usage[UsageMeters.OutcomeResolved] > 0 ? V1.CallOutcome.Resolved
            : usage[UsageMeters.OutcomeFailed] > 0 ? V1.CallOutcome.Failed : V1.CallOutcome.Unspecified,
        Estimated = call.IsEstimated,
        ServedModel = call.ServedModel ?? "",
        RequestId = call.RequestId ?? "",
        LatencyMs = call.LatencyMs,
    };

    private static V1.UsageEstimate Of(UsageBound bound, string provider) => new()
    {
        Provider = provider,
        PromptTokens = bound.MostPromptTokens,
        OutputTokens = bound.MostOutputTokens,
        Pools = { bound.Pools.Select(pool => new V1.UsagePool { Most = pool.Most, Meters = { pool.Meters.Meters.Select(meter => meter.Name) } }) },
        Terms = { bound.Terms.Select(Of) },
    };

    private static V1.CallTerms Of(CallTerms terms) => new() { Tier = ServiceTiers.NameOf(terms.Tier), Region = terms.Region ?? "" };

    /// <summary>One request, one outcome, and always something that output can be clamped to.</summary>
    private static void AddWhatEveryCallHas(List<MeterPool> pools, long outputTokens)
    {
        if (outputTokens > 0 || !Has(pools, UsageMeters.Output)) pools.Add(new MeterPool(outputTokens, MeterPool.TextCompletion));
        if (!Has(pools, UsageMeters.Requests)) pools.Add(OneRequest);
        if (!Has(pools, UsageMeters.OutcomeResolved) && !Has(pools, UsageMeters.OutcomeFailed)) pools.Add(OneOutcome);
    }

    private static bool Has(List<MeterPool> pools, UsageMeter meter) => pools.Exists(pool => pool.Meters.Contains(meter));

    private static string? PoolsProblem(string field, V1.UsageEstimate message, out List<MeterPool> pools)
    {
        pools = new List<MeterPool>(message.Pools.Count + 4);
        if (message.PromptTokens < 0) return $"{field}.prompt_tokens is {message.PromptTokens}; give 0 or more.";
        if (message.OutputTokens < 0) return $"{field}.output_tokens is {message.OutputTokens}; give 0 or more.";
        if (message.Pools.Count > MaxPools) return $"{field}.pools has {message.Pools.Count}; give at most {MaxPools}.";
        if (message.PromptTokens > 0) pools.Add(new MeterPool(message.PromptTokens, MeterPool.TextPrompt));
        for (var i = 0; i < message.Pools.Count; i++)
        {
            var pool = message.Pools[i];
            if (pool.Meters.Count is 0 or > MaxMetersPerPool) return $"{field}.pools[{i}].meters has {pool.Meters.Count}; give 1 to {MaxMetersPerPool}.";
            if (pool.Most is < 0 or > Usage.MostPerMeter) return $"{field}.pools[{i}].most is {pool.Most}; give 0 to {Usage.MostPerMeter}.";
            var meters = new UsageMeter[pool.Meters.Count];
            for (var m = 0; m < meters.Length; m++)
            {
                if (!UsageMeter.TryParse(pool.Meters[m], out meters[m]!)) return NoMeter($"{field}.pools[{i}].meters[{m}]", pool.Meters[m]);
            }
            pools.Add(new MeterPool(pool.Most, MeterGroup.Of(meters)));
        }
        return null;
    }

    private static string? TermsProblem(string field, V1.CallTerms message, out CallTerms terms)
    {
        terms = default;
        var tier = ServiceTier.Standard;
        if (message.Tier.Length > 0 && !ServiceTiers.TryParse(message.Tier, out tier))
            return $"{field}.tier '{Shown(message.Tier)}' is no service tier; give standard, batch, flex, priority or fast.";
        terms = new CallTerms(tier, message.Region.Length == 0 ? null : message.Region);
        return NameProblem($"{field}.region", message.Region);
    }

    private static string? NameProblem(string field, string name)
    {
        if (name.Length * 3 > MaxNameBytes && Encoding.UTF8.GetByteCount(name) > MaxNameBytes) return $"{field} is longer than {MaxNameBytes} bytes; shorten it.";
        return name.Any(c => char.IsControl(c) || c == '\uFFFD') ? $"{field} has a character that is no text; leave it out." : null;
    }

    private static string NoMeter(string field, string name) =>
        $"{field} '{Shown(name)}' is no meter; give one of docs/prices.md, or custom. and a name.";

    private static string Shown(string text) => text.Length <= MaxNameBytes ? text : text[..MaxNameBytes] + "…";

    /// <summary>The message without the name of the parameter, which callers do not know.</summary>
    [return: NotNull]
    private static string FactOf(ArgumentException e) => e.ParamName is { } name ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : e.Message;
}
