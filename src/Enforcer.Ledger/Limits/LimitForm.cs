using Enforcer.Ledger.Commands;

namespace Enforcer.Ledger.Limits;

/// <summary>What makes a set of limits well-formed, in one place for every way in.</summary>
public static class LimitForm
{
    /// <summary>Null if the set is well-formed; else the field, the value, the rule and the way out.</summary>
    /// <param name="limits">The set.</param>
    /// <param name="calendar">Knows which zones there are.</param>
    public static string? Problem(LimitSet limits, IWindowCalendar calendar)
    {
        if (limits.Spend.Count > LedgerBounds.MaxSpendLimits)
            return $"limits.spend has {limits.Spend.Count} limits; at most {LedgerBounds.MaxSpendLimits} fit one account: merge some.";
        for (var i = 0; i < limits.Spend.Count; i++)
        {
            var problem = SpendProblem(limits.Spend[i], $"limits.spend[{i}]", calendar);
            if (problem is not null) return problem;
            for (var j = 0; j < i; j++)
            {
                if (limits.Spend[j].IsSameLimit(limits.Spend[i]))
                    return $"limits.spend[{i}] repeats limits.spend[{j}] ({limits.Spend[i].Label}); give each window and scope one cap.";
            }
        }
        if (limits.Concurrency < 0) return $"limits.concurrency is {limits.Concurrency}; give 1 or more, or 0 for no limit.";
        if (!Enum.IsDefined(limits.OnExpiry)) return $"limits.on_expiry is {(int)limits.OnExpiry}; give CHARGE or RELEASE.";
        return RateProblem(limits.Requests, "limits.requests") ?? RateProblem(limits.Tokens, "limits.tokens");
    }

    private static string? SpendProblem(SpendLimit limit, string field, IWindowCalendar calendar)
    {
        if (!Enum.IsDefined(limit.Window)) return $"{field}.window is {(int)limit.Window}; give LIFE, DAY, WEEK or MONTH.";
        if (limit.CapNanos is < 0 or > LedgerBounds.MaxCapNanos)
            return $"{field}.cap_nanos is {limit.CapNanos}; give 0 to {LedgerBounds.MaxCapNanos}.";
        if (limit.Zone is not null && !limit.IsWindowed) return $"{field}.zone is '{limit.Zone}', but a limit for life has no calendar: leave it out.";
        if (limit.Zone is not null && !calendar.Knows(limit.Zone)) return $"{field}.zone '{limit.Zone}' is not a known IANA time zone, such as Europe/Berlin.";
        if (limit.ModelPattern is { } pattern && pattern.AsSpan(0, pattern.Length - 1).Contains('*'))
            return $"{field}.model_pattern '{pattern}' has a star that is not its last character; only a trailing star is understood.";
        return TextForm.Problem($"{field}.model_pattern", limit.ModelPattern, LedgerBounds.MaxModelBytes)
            ?? TextForm.Problem($"{field}.tag", limit.Tag, LedgerBounds.MaxTagBytes);
    }

    private static string? RateProblem(RateLimit? rate, string field)
    {
        if (rate is null) return null;
        if (rate.PerMinute is < 1 or > LedgerBounds.MaxRate) return $"{field}.per_minute is {rate.PerMinute}; give 1 to {LedgerBounds.MaxRate}.";
        if (rate.Burst is < 1 or > LedgerBounds.MaxRate) return $"{field}.burst is {rate.Burst}; give 1 to {LedgerBounds.MaxRate}.";
        return null;
    }
}
