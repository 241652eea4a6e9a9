using Enforcer.Access;
using Enforcer.Ledger.Entries;
using Enforcer.Pricing.Metering;
using Enforcer.Server.Wire;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Operators.Prices;

/// <summary>Adds up what entries say of one account, provider and model.</summary>
internal sealed class StatementSums
{
    private readonly SortedDictionary<UsageMeter, long> _usage = [];
    private long _requests;
    private long _estimated;
    private long _batchTokens;
    private long _costNanos;
    private long _priceNanos;
    private long _uncostedNanos;
    private long _reversedNanos;

    /// <summary>True for entries that book something, or end a call.</summary>
    public static bool Counts(in Entry entry) =>
        entry.Kind is EntryKind.Committed or EntryKind.CommittedLate or EntryKind.Reversed
        || (entry.Kind == EntryKind.Expired && (entry.CommittedDeltaNanos != 0 || entry.Priced is { CostNanos: not 0 }));

    /// <param name="entry">What was booked.</param>
    /// <param name="isPriced">Its reservation was made with an estimate, so its cost is known.</param>
    public void Add(in Entry entry, bool isPriced)
    {
        _priceNanos += entry.CommittedDeltaNanos;
        if (entry.Kind == EntryKind.Reversed) _reversedNanos -= entry.CommittedDeltaNanos;
        if (!isPriced) _uncostedNanos += entry.CommittedDeltaNanos;
        if (entry.Kind == EntryKind.Expired || (entry.Kind == EntryKind.Committed && entry.Final)) _requests++;
        if (entry.Priced is not { } priced) return;
        _costNanos += priced.CostNanos;
        if (priced.IsEstimated) _estimated++;
        if (priced.Usage is not { } usage) return;
        foreach (var item in usage) _usage[item.Meter] = _usage.GetValueOrDefault(item.Meter) + item.Quantity;
        if (priced.Terms.Tier == ServiceTier.Batch) _batchTokens += usage.Tokens;
    }

    public V1.StatementRow ToRow(AccountRecord account, string provider, string model) => new()
    {
        Account = account.Id,
        Unit = account.Unit,
        Provider = provider,
        Model = model,
        Requests = _requests,
        Usage = { _usage.Select(item => new V1.MeteredUsage { Meter = item.Key.Name, Quantity = item.Value }) },
        PromptTokens = Sum(meter => meter.Side == MeterSide.Prompt),
        CachedTokens = Sum(meter => meter.IsCached),
        OutputTokens = Sum(meter => meter.Side == MeterSide.Completion),
        AllTokens = Sum(meter => meter.IsToken),
        BatchTokens = _batchTokens,
        CostNanos = _costNanos,
        PriceNanos = _priceNanos,
        UncostedNanos = _uncostedNanos,
        MarginNanos = _priceNanos - _uncostedNanos - _costNanos,
        EstimatedRequests = _estimated,
        ReversedNanos = _reversedNanos,
    };

    private long Sum(Func<UsageMeter, bool> which) => _usage.Where(item => which(item.Key)).Sum(item => item.Value);
}
