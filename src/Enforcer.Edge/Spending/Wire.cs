using Enforcer.Client;
using Enforcer.Pricing.Metering;
using Enforcer.Protocol.V1;
using CallTerms = Enforcer.Protocol.V1.CallTerms;

namespace Enforcer.Edge.Spending;

/// <summary>The edge's own forms in those of the wire.</summary>
internal static class Wire
{
    private const int MostIdLength = 128;

    /// <summary>What has no price is still held by the smallest amount: the key is checked, and its rates count the call.</summary>
    public static SessionCommand ReserveOf(Intent intent, string key, CallEstimate estimate, long ttlMs) => new()
    {
        Kind = SessionCommandKind.Reserve,
        OperationId = intent.ReservationId,
        Account = key,
        Model = estimate.Model.Length == 0 ? null : estimate.Model,
        AmountNanos = estimate.FlatNanos is { } flat ? Math.Max(1, flat) : 0,
        Estimate = estimate.FlatNanos is null ? EstimateOf(estimate) : null,
        TtlMs = ttlMs,
    };

    public static SessionCommand CommandOf(Settlement settlement) => new()
    {
        Kind = settlement.IsRelease ? SessionCommandKind.Release : SessionCommandKind.Commit,
        OperationId = settlement.OperationId,
        Account = new AccountName(settlement.Account),
        ReservationId = settlement.ReservationId,
        AmountNanos = settlement.IsRelease ? 0 : settlement.FlatNanos ?? 0,
        Usage = settlement.IsRelease || settlement.FlatNanos is not null ? null : ReportOf(settlement),
        Final = !settlement.IsRelease,
    };

    private static UsageEstimate EstimateOf(CallEstimate estimate)
    {
        var message = new UsageEstimate
        {
            Provider = estimate.Provider,
            PromptTokens = estimate.PromptTokens,
            OutputTokens = estimate.OutputTokens,
            AtLeastOutputTokens = estimate.LeastOutputTokens,
        };
        foreach (var pool in estimate.Pools)
            message.Pools.Add(new UsagePool { Most = pool.Most, Meters = { pool.Meters.Meters.Select(meter => meter.Name) } });
        foreach (var terms in estimate.Terms)
            message.Terms.Add(new CallTerms { Tier = ServiceTiers.NameOf(terms.Tier), Region = terms.Region ?? "" });
        return message;
    }

    private static UsageReport ReportOf(Settlement settlement)
    {
        var report = new UsageReport
        {
            Estimated = settlement.IsEstimated,
            ServedModel = Shortened(settlement.ServedModel),
            RequestId = Shortened(settlement.RequestId),
            LatencyMs = settlement.LatencyMs,
        };
        if (settlement.Tier.Length > 0 || settlement.Region.Length > 0)
            report.Terms = new CallTerms { Tier = settlement.Tier, Region = settlement.Region };
        foreach (var (meter, quantity) in settlement.Usage)
            report.Items.Add(new MeteredUsage { Meter = meter, Quantity = quantity });
        return report;
    }

    private static string Shortened(string text)
    {
        if (text.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return "";
        return text.Length <= MostIdLength ? text : text[..MostIdLength];
    }
}
