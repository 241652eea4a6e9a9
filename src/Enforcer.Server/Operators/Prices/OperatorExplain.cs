using Enforcer.Access;
using Enforcer.Host;
using Enforcer.Ledger.Entries;
using Enforcer.Ledger.Prices;
using Enforcer.Pricing.Metering;
using Enforcer.Pricing.Quoting;
using Enforcer.Protocol;
using Enforcer.Server.Prices;
using Enforcer.Server.Refusals;
using Enforcer.Server.Wire;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Operators.Prices;

/// <summary>
/// How an operation came to its answer and its price. Amounts are those of the entry; the lines are worked out again from the prices that the entry is
/// pinned to, and must come to the same.
/// </summary>
internal sealed class OperatorExplain(
    IAccountEngine host, IAccountDirectory accounts, OperatorLedger ledger, OfferCatalog offers, PriceStore store, RefusalTrace refusals)
{
    public async Task<V1.Explanation> RunAsync(V1.ExplainRequest request, OperatorCall call)
    {
        var id = OperatorLedger.OperationOf(request.OperationId);
        if (await ledger.FindEntryAsync(id, call).ConfigureAwait(false) is var (entry, target)) return await ExplainAsync(entry, target, call).ConfigureAwait(false);
        if (refusals.TryFind(id, out var refused))
        {
            var reasons = new Reasons(await UnitOfAsync(refused.Account, call).ConfigureAwait(false));
            return new V1.Explanation { Refused = RefusedViews.Of(refused), Reasons = { reasons.Of(refused) } };
        }
        throw Faults.NotFound(
            "operation", id.ToString(), $"it has made no entry, and is not among the last {RefusalTrace.Bound} refusals of this node: ask the node that refused it, or it never arrived.");
    }

    private async Task<V1.Explanation> ExplainAsync(Entry entry, AccountTarget target, OperatorCall call)
    {
        var unit = await UnitOfAsync(target.Id, call).ConfigureAwait(false);
        var explanation = new V1.Explanation { Entry = Views.Of(entry, target.Id), Reasons = { new Reasons(unit).Of(entry) } };
        if (entry.Priced is not { } priced)
        {
            if (entry.Kind == EntryKind.Committed) explanation.Reasons.Add("The amount was given by the caller: no prices were used.");
            return explanation;
        }
        explanation.CostNanos = priced.Bound is null ? priced.CostNanos : priced.AmountCostNanos;
        explanation.PriceNanos = priced.Bound is null ? entry.CommittedDeltaNanos : entry.HeldAfterNanos;
        var offer = await offers.FetchAsync(priced, call.Cancel).ConfigureAwait(false);
        explanation.Version = await VersionAsync(offer, call).ConfigureAwait(false);
        if (priced.Bound is not null) AddBound(explanation, offer, priced);
        else if (priced.Usage is not null) AddUsage(explanation, offer, priced, unit, await UsedBeforeAsync(target, entry, call).ConfigureAwait(false));
        else explanation.Reasons.Add("Nobody said what was used: the cost is the most that the estimate allows, less what was booked.");
        return explanation;
    }

    /// <summary>The dearest way to use all that was reserved, which is what is held but for some nanos of rounding.</summary>
    private static void AddBound(V1.Explanation explanation, Offer offer, PricedCall priced)
    {
        var before = PeriodBefore(priced);
        var (terms, usage) = priced.Bound!.Terms
            .Select(terms => (terms, usage: Usage.Of([.. priced.Bound.Pools.Select(pool => (Dearest(offer, terms, pool.Meters.Meters, pool.Most, before), pool.Most))])))
            .MaxBy(most => offer.Amounts(most.usage, most.terms, before).PriceNanos);
        Add(explanation, offer.Quote(usage, terms, before));
        explanation.Reasons.Add($"Held is the most that the estimate can come to, on the terms {terms}: the lines below, and up to a nano of rounding for each way to split them.");
    }

    private static UsageMeter Dearest(Offer offer, CallTerms terms, IReadOnlyList<UsageMeter> meters, long most, RunningCounts before) =>
        meters.MaxBy(meter => offer.Amounts(Usage.Of((meter, most)), terms, before).PriceNanos)!;

    private static void AddUsage(V1.Explanation explanation, Offer offer, PricedCall priced, string unit, Usage before)
    {
        var quote = offer.Quote(before.Plus(priced.Usage!), priced.Terms, PeriodBefore(priced));
        Add(explanation, quote);
        explanation.Reasons.Add($"Billed on the terms {priced.Terms}, by the prices that the reservation was made with.");
        if (before.Count == 0) return;
        var earlier = AmountText.Format(quote.Price.TotalNanos - explanation.PriceNanos, unit);
        explanation.Reasons.Add($"The lines are for all that the call used; earlier commits had booked {earlier} of the price.");
    }

    private static void Add(V1.Explanation explanation, Quote quote)
    {
        explanation.CostLines.AddRange(quote.Cost.Lines.Select(PriceViews.Of));
        explanation.PriceLines.AddRange(quote.Price.Lines.Select(PriceViews.Of));
    }

    /// <summary>The running counts by which the entry was priced.</summary>
    private static RunningCounts PeriodBefore(PricedCall priced)
    {
        var counts = new (string, long)[priced.Marks.Length];
        for (var i = 0; i < counts.Length; i++) counts[i] = (priced.Marks[i].Counter, priced.Marks[i].Least);
        return RunningCounts.Of(counts);
    }

    private async Task<Usage> UsedBeforeAsync(AccountTarget target, Entry entry, OperatorCall call)
    {
        var used = Usage.None;
        await foreach (var older in host.ReadLedgerAsync(target.Number, call.Cancel).ConfigureAwait(false))
        {
            if (older.Seq >= entry.Seq || older.ReservationId != entry.ReservationId) continue;
            if (older.Kind == EntryKind.Reserved) break;
            if (older.Priced?.Usage is { } part) used = used.Plus(part);
        }
        return used;
    }

    /// <summary>From the directory, which answers also while the account's owner does not.</summary>
    private async Task<string> UnitOfAsync(string account, OperatorCall call) =>
        await accounts.FindAsync(account, call.Cancel).ConfigureAwait(false) is { } record ? record.Unit : AmountText.DefaultUnit;

    private async Task<V1.PriceVersionView?> VersionAsync(Offer offer, OperatorCall call)
    {
        var versions = await store.VersionsAsync(offer.Version.Card.Seller, call.Cancel).ConfigureAwait(false);
        var record = versions.FirstOrDefault(version => version.Number == offer.Version.Number);
        return record is null ? null : OperatorPriceBook.ViewOf(record, isCurrent: false);
    }
}
