using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Protocol.V1;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Enforcer.Cli.Rendering;

/// <summary>A live screen of accounts: a bar for each spend cap, rates and open reservations below it.</summary>
internal sealed class WatchScreen(Terminal terminal, string server)
{
    private const int BarCells = 28;
    private const int LinesBesides = 4;
    private readonly Dictionary<string, Shown> _accounts = new(StringComparer.Ordinal);
    private long _changes;

    /// <summary>Shows changes until they end.</summary>
    public Task ShowAsync(IAsyncEnumerable<WatchResponse> changes) =>
        terminal.Human.Live(new Text("Accounts show here as they change. Ctrl-C ends.")).AutoClear(false).StartAsync(async live =>
        {
            live.Refresh();
            await foreach (var change in changes)
            {
                foreach (var account in change.Accounts)
                    _accounts[account.Account] = new(account, ++_changes);
                live.UpdateTarget(Draw(terminal.Human.Profile.Height - LinesBesides));
            }
        });

    /// <summary>The accounts that fit, those that changed last; in the order of their names, so that they do not jump.</summary>
    internal IRenderable Draw(int lines)
    {
        var fitting = new List<AccountView>();
        var left = lines;
        foreach (var shown in _accounts.Values.OrderByDescending(account => account.ChangedAt))
        {
            left -= Height(shown.View);
            if (left < 0 && fitting.Count > 0)
                break;
            fitting.Add(shown.View);
        }
        var rows = fitting.OrderBy(account => account.Account, StringComparer.Ordinal).Select(IRenderable (account) => Draw(account)).ToList();
        var hidden = _accounts.Count - fitting.Count;
        var more = hidden == 0 ? "" : $"; {LimitLines.Count(hidden)} more that changed earlier";
        rows.Add(Dim($"█ committed ▓ held ░ headroom; {server} at {terminal.ClockText()}{more}. Ctrl-C ends."));
        return new Rows(rows);
    }

    internal void Add(AccountView account) => _accounts[account.Account] = new(account, ++_changes);

    private static int Height(AccountView account) => 3 + (2 * account.SpendLimits.Count);

    private static Rows Draw(AccountView account)
    {
        var colour = account.Status == AccountStatus.Active ? "green" : "yellow";
        var lines = new List<IRenderable>
        {
            new Markup($"[bold]{Markup.Escape(account.Account)}[/]  [{colour}]{AccountText.Status(account.Status)}[/]"),
        };
        var names = account.SpendLimits.Select(limit => CleanText.Of(LimitNames.Of(limit.Limit))).ToList();
        var width = names.Select(name => name.Length).DefaultIfEmpty().Max();
        foreach (var (limit, name) in account.SpendLimits.Zip(names))
        {
            var headroom = $"{MoneyText.Format(limit.HeadroomNanos, account.Unit)} headroom of {MoneyText.Format(limit.Limit.CapNanos, account.Unit)}";
            lines.Add(new Markup($"  {Markup.Escape(name.PadRight(width))}  {Bars(limit)}  {Markup.Escape(headroom)}"));
            lines.Add(Dim(new string(' ', width + 4) + AccountText.Used(limit, account.Unit)));
        }
        lines.Add(Dim($"  {(names.Count == 0 ? $"no spend cap; {MoneyText.Format(account.CommittedNanos, account.Unit)} committed; " : "")}{Rates(account)}"));
        lines.Add(Text.Empty);
        return new Rows(lines);
    }

    private static Markup Dim(string text) => new($"[dim]{Markup.Escape(text)}[/]");

    private static string Bars(SpendLimitView limit)
    {
        var bar = Bar.Of(limit.CommittedNanos, limit.HeldNanos + limit.DelegatedNanos, limit.Limit.CapNanos, BarCells);
        var used = limit.HeadroomNanos <= 0 ? "red" : "green";
        return $"[{used}]{new string('█', bar.Committed)}[/][yellow]{new string('▓', bar.Held)}[/][dim]{new string('░', bar.Headroom)}[/]";
    }

    private static string Rates(AccountView account)
    {
        var parts = new List<string>();
        if (account.Requests is { PerMinute: > 0 } requests)
            parts.Add($"requests {AccountText.Rate(requests)}");
        if (account.Tokens is { PerMinute: > 0 } tokens)
            parts.Add($"tokens {AccountText.Rate(tokens)}");
        var open = $"{LimitLines.Count(account.OpenReservations)} open";
        parts.Add(account.Concurrency > 0 ? $"{open} of {LimitLines.Count(account.Concurrency)}" : open);
        return string.Join("; ", parts);
    }

    private readonly record struct Shown(AccountView View, long ChangedAt);
}
