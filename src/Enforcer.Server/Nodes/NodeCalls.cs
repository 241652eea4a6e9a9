using Enforcer.Cluster;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Prices;
using Enforcer.Pricing.Bounds;
using Enforcer.Pricing.Metering;
using Enforcer.Server.Wire;
using Google.Protobuf;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Nodes;

/// <summary>Calls' quantities between nodes, in the messages of edges. All pools are spelled out, so that the other node reads what this one read.</summary>
internal sealed class NodeCalls(IOfferSource offers) : ICallMessages
{
    public byte[] Write(CallQuantities call) => call switch
    {
        CallEstimate estimate => Of(estimate).ToByteArray(),
        CallMore more => new V1.UsageEstimate { Pools = { more.Pools.Select(Of) } }.ToByteArray(),
        CallReport report => Of(report).ToByteArray(),
        _ => throw new ArgumentException($"There is no message for a {call.GetType().Name}.", nameof(call)),
    };

    public CallQuantities Read(CommandKind kind, ReadOnlySpan<byte> bytes)
    {
        string? problem;
        CallQuantities? call;
        switch (kind)
        {
            case CommandKind.Reserve:
                problem = CallMessages.Problem(V1.UsageEstimate.Parser.ParseFrom(bytes), out var estimate);
                call = estimate;
                break;
            case CommandKind.Extend:
                problem = CallMessages.Problem(V1.UsageEstimate.Parser.ParseFrom(bytes), offers, out var more);
                call = more;
                break;
            default:
                problem = CallMessages.Problem(V1.UsageReport.Parser.ParseFrom(bytes), offers, out var report);
                call = report;
                break;
        }
        return call ?? throw new ArgumentException(problem, nameof(bytes));
    }

    private static V1.UsageEstimate Of(CallEstimate estimate) => new()
    {
        Provider = estimate.Provider ?? "",
        AtLeastOutputTokens = estimate.AtLeastOutputTokens,
        Pools = { estimate.Bound.Pools.Select(Of) },
        Terms = { estimate.Bound.Terms.Select(Of) },
    };

    private static V1.UsageReport Of(CallReport report)
    {
        var message = new V1.UsageReport
        {
            Items = { CallMessages.Of(report.Usage) },
            Estimated = report.IsEstimated,
            ServedModel = report.ServedModel ?? "",
            RequestId = report.RequestId ?? "",
            LatencyMs = report.LatencyMs,
        };
        if (report.Terms is { } terms) message.Terms = Of(terms);
        return message;
    }

    private static V1.UsagePool Of(MeterPool pool) => new() { Most = pool.Most, Meters = { pool.Meters.Meters.Select(static meter => meter.Name) } };

    private static V1.CallTerms Of(CallTerms terms) => new() { Tier = ServiceTiers.NameOf(terms.Tier), Region = terms.Region ?? "" };
}
