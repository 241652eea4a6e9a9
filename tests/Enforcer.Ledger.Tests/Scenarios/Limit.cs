using Enforcer.Ledger.Limits;

namespace Enforcer.Ledger.Tests.Scenarios;

/// <summary>Limits in a word or two.</summary>
internal static class Limit
{
    public static LimitSet Life(string? cap) => cap is null ? LimitSet.Unlimited : Spend(Cap(SpendWindow.Life, cap));

    public static LimitSet Spend(params SpendLimit[] limits) => new(limits);

    public static SpendLimit Cap(SpendWindow window, string cap, string? model = null, string? tag = null, string? zone = null) =>
        new(window, Money.Nanos(cap), model, tag, zone);

    public static LimitSet Requests(long perMinute, long burst) => new(requests: new RateLimit(perMinute, burst));

    public static LimitSet Tokens(long perMinute, long burst) => new(tokens: new RateLimit(perMinute, burst));

    public static LimitSet Concurrency(int open) => new(concurrency: open);

    /// <summary>A cap for life whose expired reservations return what they held.</summary>
    public static LimitSet ReleasingLife(string cap) => new([Cap(SpendWindow.Life, cap)], onExpiry: ExpiryPolicy.Release);
}
