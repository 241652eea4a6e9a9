using Enforcer.Ledger.Prices;

namespace Enforcer.Ledger.Rules;

/// <summary>What a Reserve or Extend may hold: nanos, tokens and, of a call with prices, what concerns them.</summary>
internal readonly record struct Grant(long AmountNanos, long Tokens, PricedCall? Priced);
