using Enforcer.Ledger.Limits;
using Enforcer.Ledger.Prices;

namespace Enforcer.Ledger.Accounts;

/// <summary>The part of a state that only accounts with rates, calendar windows or running counts have.</summary>
internal sealed class AccountMeters
{
    public TokenBucket Requests { get; set; }

    public TokenBucket Tokens { get; set; }

    public long NextWindowMs { get; set; } = long.MaxValue;

    public PeriodCounts? Counts { get; set; }
}
