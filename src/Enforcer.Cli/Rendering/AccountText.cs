using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Rendering;

/// <summary>One account in words: its sums, and each limit with what is used of it.</summary>
internal static class AccountText
{
    /// <summary>One word for a status.</summary>
    public static string Status(AccountStatus status) => status switch
    {
        AccountStatus.Active => "active",
        AccountStatus.AccountSuspended => "suspended",
        AccountStatus.AccountClosed => "closed",
        _ => "unknown",
    };

    /// <summary>Writes the account.</summary>
    public static void Write(Terminal terminal, AccountView account)
    {
        var paint = account.Status == AccountStatus.Active ? Paint.Green : Paint.Yellow;
        terminal.Line(terminal.Dress(account.Account, Paint.Bold) + "  " + terminal.Dress(Status(account.Status), paint));
        foreach (var (name, value) in Lines(account))
            terminal.Line($"  {name,-22} {value}");
    }

    /// <summary>Names and values, one a line.</summary>
    public static IReadOnlyList<(string Name, string Value)> Lines(AccountView account)
    {
        var lines = new List<(string, string)>
        {
            ("committed", MoneyText.Format(account.CommittedNanos, account.Unit)),
            ("held", $"{MoneyText.Format(account.HeldNanos, account.Unit)} by {LimitLines.Count(account.OpenReservations)} open"),
        };
        foreach (var limit in account.SpendLimits)
            lines.Add((LimitNames.Of(limit.Limit), Spend(limit, account.Unit)));
        if (account.Requests is { PerMinute: > 0 } requests)
            lines.Add(("requests", Rate(requests)));
        if (account.Tokens is { PerMinute: > 0 } tokens)
            lines.Add(("tokens", Rate(tokens)));
        if (account.Concurrency > 0)
            lines.Add(("concurrency", $"{LimitLines.Count(account.OpenReservations)} open of {LimitLines.Count(account.Concurrency)}"));
        lines.Add(("on expiry", LimitLines.OnExpiry(account.OnExpiry)));
        return lines;
    }

    /// <summary>A spend limit with its headroom first, as that is what people look for.</summary>
    public static string Spend(SpendLimitView view, string unit) =>
        $"{MoneyText.Format(view.HeadroomNanos, unit)} headroom of {MoneyText.Format(view.Limit.CapNanos, unit)}: {Used(view, unit)}";

    /// <summary>What is used of a spend limit, and when its window ends.</summary>
    public static string Used(SpendLimitView view, string unit)
    {
        string Money(long nanos) => MoneyText.Format(nanos, unit);
        var text = $"{Money(view.CommittedNanos)} committed, {Money(view.HeldNanos)} held";
        if (view.DelegatedNanos != 0)
            text += $", {Money(view.DelegatedNanos)} delegated";
        if (view.OverrunNanos != 0)
            text += $", {Money(view.OverrunNanos)} overrun";
        return view.WindowEndMs == 0 ? text : $"{text}; resets {TimeText.Of(view.WindowEndMs)}";
    }

    /// <summary>A rate with what could be taken now.</summary>
    public static string Rate(RateView rate) =>
        $"{LimitLines.Count(rate.Available)} available of {LimitLines.Count(rate.Burst)}, {LimitLines.Count(rate.PerMinute)} a minute";
}
