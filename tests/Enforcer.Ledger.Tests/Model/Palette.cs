using Enforcer.Ledger.Limits;

namespace Enforcer.Ledger.Tests.Model;

/// <summary>Sets of limits worth mixing: each shares some limits with others, so that slots are kept, freed and used again.</summary>
internal static class Palette
{
    public static LimitSet Choose(int who, int amount, int more)
    {
        var cap = 5 + (3L * amount);
        SpendLimit life = new(SpendWindow.Life, cap + 20);
        SpendLimit day = new(SpendWindow.Day, cap);
        SpendLimit berlin = new(SpendWindow.Day, cap, zone: "Europe/Berlin");
        SpendLimit week = new(SpendWindow.Week, cap + 4, "m1*");
        SpendLimit month = new(SpendWindow.Month, cap + 8, tag: "t1");
        var policy = more % 4 == 0 ? ExpiryPolicy.Release : ExpiryPolicy.Charge;
        RateLimit requests = new(7, 1 + more);
        RateLimit tokens = new(13, 10 + more);
        return (who % 9) switch
        {
            0 => new LimitSet([life], onExpiry: policy),
            1 => new LimitSet([day], onExpiry: policy),
            2 => new LimitSet([life, day, week, month], onExpiry: policy),
            3 => new LimitSet([month, berlin], requests, tokens, onExpiry: policy),
            4 => new LimitSet([life], requests, onExpiry: policy),
            5 => new LimitSet([], requests, tokens, 1 + (more / 3), policy),
            6 => new LimitSet([week, life], null, tokens, onExpiry: policy),
            7 => new LimitSet([day, berlin], concurrency: 2, onExpiry: policy),
            _ => new LimitSet([], onExpiry: policy),
        };
    }
}
