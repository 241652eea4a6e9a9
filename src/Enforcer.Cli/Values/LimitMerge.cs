using Enforcer.Cli.Shell;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Values;

/// <summary>Lays the limits that a command line names over those that an account has.</summary>
internal static class LimitMerge
{
    /// <summary>The limits of an account as it is.</summary>
    public static Limits Of(AccountView account)
    {
        var limits = new Limits
        {
            Requests = RateOf(account.Requests),
            Tokens = RateOf(account.Tokens),
            Concurrency = account.Concurrency,
            OnExpiry = account.OnExpiry,
        };
        limits.Spend.AddRange(account.SpendLimits.Select(view => view.Limit.Clone()));
        return limits;
    }

    /// <summary>The limits after the changes. Limits that no change names come out as they went in, in the same order.</summary>
    /// <param name="current">Left as it is.</param>
    /// <param name="changes">What to change.</param>
    /// <param name="unit">The account's unit; amounts in another are refused.</param>
    /// <exception cref="CliException">A change cannot be made.</exception>
    public static Limits Apply(Limits current, LimitChanges changes, string unit)
    {
        var limits = current.Clone();
        foreach (var change in changes.Spend)
            Apply(limits, change, changes.Zone, unit);
        if (changes.Requests is { } requests)
            limits.Requests = Apply(limits.Requests, requests);
        if (changes.Tokens is { } tokens)
            limits.Tokens = Apply(limits.Tokens, tokens);
        limits.Concurrency = changes.Concurrency ?? limits.Concurrency;
        limits.OnExpiry = changes.OnExpiry ?? limits.OnExpiry;
        return limits;
    }

    private static void Apply(Limits limits, SpendChange change, string? zone, string unit)
    {
        var existing = limits.Spend.FirstOrDefault(
            limit => limit.Window == change.Window && limit.ModelPattern == change.ModelPattern && limit.Tag == change.Tag);
        if (change.Cap is not { } cap)
        {
            if (existing is null)
                throw new CliException($"{change.Option} none: the account has no such limit. 'enforcer accounts show' lists what it has.");
            limits.Spend.Remove(existing);
            return;
        }
        if (existing is null)
        {
            existing = new SpendLimit { Window = change.Window, ModelPattern = change.ModelPattern, Tag = change.Tag };
            limits.Spend.Add(existing);
        }
        existing.CapNanos = cap.InUnit(unit, change.Option);
        // The life of an account needs no calendar.
        if (zone is not null && change.Window != SpendWindow.Life)
            existing.Zone = zone;
    }

    private static RateLimit? Apply(RateLimit? current, RateValue change)
    {
        if (change.PerMinute == 0)
            return null;
        // A burst that was chosen stays; one that only follows the rate keeps following it.
        var kept = current is null || current.Burst == current.PerMinute ? 0 : current.Burst;
        return new RateLimit { PerMinute = change.PerMinute, Burst = change.Burst ?? kept };
    }

    private static RateLimit? RateOf(RateView? view) =>
        view is null || view.PerMinute == 0 ? null : new RateLimit { PerMinute = view.PerMinute, Burst = view.Burst };
}
