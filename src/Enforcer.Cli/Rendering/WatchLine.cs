using Enforcer.Cli.Values;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Rendering;

/// <summary>An account on one line, for logs and pipes.</summary>
internal static class WatchLine
{
    /// <summary>When, who, and each limit.</summary>
    public static string Of(AccountView account, string clock)
    {
        string Money(long nanos) => MoneyText.Format(nanos, account.Unit);
        var parts = new List<string>
        {
            $"{clock} {account.Account} {AccountText.Status(account.Status)}",
            $"{Money(account.CommittedNanos)} committed, {Money(account.HeldNanos)} held",
        };
        foreach (var limit in account.SpendLimits)
            parts.Add($"{LimitNames.Of(limit.Limit)}: {Money(limit.HeadroomNanos)} headroom of {Money(limit.Limit.CapNanos)}");
        if (account.Requests is { PerMinute: > 0 } requests)
            parts.Add($"requests: {requests.Available} of {requests.Burst}");
        if (account.Tokens is { PerMinute: > 0 } tokens)
            parts.Add($"tokens: {tokens.Available} of {tokens.Burst}");
        if (account.Concurrency > 0)
            parts.Add($"open: {account.OpenReservations} of {account.Concurrency}");
        return string.Join("; ", parts);
    }
}
