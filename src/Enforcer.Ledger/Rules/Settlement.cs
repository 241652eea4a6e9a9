using Enforcer.Ledger.Prices;

namespace Enforcer.Ledger.Rules;

/// <summary>What a Commit reports: nanos that the customer pays, tokens and, of a call with prices, what concerns them.</summary>
internal readonly record struct Settlement(long AmountNanos, long Tokens, PricedCall? Priced);
