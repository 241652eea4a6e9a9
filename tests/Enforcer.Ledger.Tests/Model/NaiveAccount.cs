using Enforcer.Ledger.Accounts;
using Enforcer.Ledger.Commands;
using Enforcer.Ledger.Limits;

namespace Enforcer.Ledger.Tests.Model;

/// <summary>
/// One account by definition, not by bookkeeping: a list of facts, from which everything is added up again whenever it is
/// asked for. Slow, and written from the specification alone. It states, and the comparison with it checks:
/// <list type="number">
/// <item>Cap. Nothing is granted unless afterwards committed + held + delegated ≤ cap, for each limit and window.</item>
/// <item>Window. A reservation belongs to the window in which it was made, and to no limit that is younger than itself.</item>
/// <item>Exactly one end. A reservation is open, then committed, released or expired, and perhaps reported late.</item>
/// <item>No phantom use. Held is what open reservations hold; where none is open it is zero.</item>
/// <item>Real cost is never dropped: what is booked on a reservation is what was reported, or more while it is not reported.</item>
/// <item>Once. A repeated operation gets its first answer and adds no fact; the same id with another body is a conflict.</item>
/// <item>A refusal adds no fact.</item>
/// <item>Time runs forward, whatever the clock says; buckets fill at most once for it.</item>
/// </list>
/// </summary>
internal sealed class NaiveAccount(LedgerOptions options)
{
    private readonly Dictionary<NaiveLimit, long> _overruns = [];

    public List<Fact> Facts { get; } = [];

    public AccountStatus Status { get; private set; }

    public LimitSet Limits { get; private set; } = LimitSet.Unlimited;

    public List<NaiveLimit> Spend { get; private set; } = [];

    public NaiveBucket? Requests { get; private set; }

    public NaiveBucket? Tokens { get; private set; }

    public long NowMs { get; private set; }

    public IEnumerable<NaiveReservation> Reservations => Facts
        .Where(f => f.Kind == FactKind.Reserved)
        .Select(f => Reservation(f.Reservation));

    public NaiveReservation Reservation(OperationId id) => new(Facts.Where(f => f.Reservation == id && !id.IsNone));

    public bool IsOverrun => Spend.Any(limit => OverrunOf(limit) > 0);

    public long OverrunOf(NaiveLimit limit) => _overruns.GetValueOrDefault(limit);

    /// <summary>Committed and held of one limit in one of its windows.</summary>
    public (long Committed, long Held) UseOf(NaiveLimit limit, DateTime window)
    {
        var counted = Reservations.Where(r => IsCounted(limit, r) && limit.WindowOf(r.Made!.AtMs) == window).ToList();
        return (counted.Sum(r => r.Booked), counted.Sum(r => r.Held));
    }

    public long HeadroomOf(NaiveLimit limit, DateTime window)
    {
        var (committed, held) = UseOf(limit, window);
        return limit.Limit.CapNanos - committed - held;
    }

    public long HeadroomOf(NaiveLimit limit) => HeadroomOf(limit, limit.WindowOf(NowMs));

    /// <summary>The least headroom of the limits whose current window counts the reservation.</summary>
    public long HeadroomFor(NaiveReservation reservation) => Spend
        .Where(l => IsCounted(l, reservation) && l.WindowOf(reservation.Made!.AtMs) == l.WindowOf(NowMs))
        .Select(HeadroomOf).DefaultIfEmpty(Outcome.NoCap).Min();

    public bool IsCounted(NaiveLimit limit, NaiveReservation reservation) =>
        Facts.IndexOf(reservation.Made!) >= limit.Since && limit.Limit.Covers(reservation.Made!.Command.Model, reservation.Made.Command.Tag);

    /// <summary>True if two windows of the limit have begun since the reservation's own: its count is no longer kept.</summary>
    public bool IsGone(NaiveLimit limit, NaiveReservation reservation)
    {
        var own = limit.WindowOf(reservation.Made!.AtMs);
        return Facts.Skip(limit.Since - 1).Select(f => limit.WindowOf(f.AtMs)).Where(w => w > own).Distinct().Count() >= 2;
    }

    /// <summary>Time passes: what is due ends, windows begin.</summary>
    public void Look(long clockMs)
    {
        NowMs = Math.Max(Facts.Count == 0 ? 0 : Facts[^1].AtMs, clockMs);
        foreach (var due in Reservations.Where(r => r.IsOpen && r.ExpiresAtMs <= NowMs).ToList())
            Add(new Fact(FactKind.Expired, NowMs, due.Made!.Reservation) { IsCharged = Limits.OnExpiry == ExpiryPolicy.Charge });
        if (Facts.Count == 0 || Spend.TrueForAll(l => l.WindowOf(NowMs) == l.WindowOf(Facts[^1].AtMs))) return;
        Add(new Fact(FactKind.WindowBegan, NowMs));
    }

    /// <summary>Adds a fact and lets it have its effect on buckets, overruns, limits and status.</summary>
    public void Add(Fact fact)
    {
        var windows = Spend.ToDictionary(l => l, l => l.WindowOf(Facts[^1].AtMs));
        var before = Spend.ToDictionary(l => l, l => HeadroomOf(l, windows[l]));
        var was = Reservation(fact.Reservation);
        Facts.Add(fact);
        var now = Reservation(fact.Reservation);
        if (fact.Limits is { } limits) Replace(limits, fact.AtMs);
        if (fact.Kind == FactKind.StatusSet) Status = StatusAfter(fact.Command.Kind);
        Requests?.Pass(fact.AtMs);
        Tokens?.Pass(fact.AtMs);
        if (now.Exists)
        {
            var index = Facts.IndexOf(now.Made!);
            if (index >= Requests?.Since) Requests.Take(now.TakenRequests - (was.Exists ? was.TakenRequests : 0));
            if (index >= Tokens?.Since) Tokens.Take(now.TakenTokens - was.TakenTokens);
        }
        foreach (var limit in Spend)
        {
            var window = limit.WindowOf(fact.AtMs);
            var old = windows.Keys.FirstOrDefault(o => o.Limit.IsSameLimit(limit.Limit));
            var isSame = old is not null && windows[old] == window;
            var overrun = isSame ? OverrunOf(limit) : 0;
            if (isSame && fact.Kind == FactKind.Committed && IsCounted(limit, now) && limit.WindowOf(now.Made!.AtMs) == window)
                overrun += Uncovered(now.Booked - was.Booked, was.Held - now.Held, before[limit]);
            _overruns[limit] = Math.Min(overrun, Math.Max(0, -HeadroomOf(limit, window)));
        }
    }

    /// <summary>What of a charge neither its hold nor headroom covers.</summary>
    public static long Uncovered(long charged, long returned, long headroom)
    {
        var excess = charged - returned;
        return excess <= 0 ? 0 : Math.Max(0, excess - Math.Max(0, headroom));
    }

    public long LongestExpiry(OperationId reservation) => reservation.TimeMs + options.LongestLifeMs;

    private static AccountStatus StatusAfter(CommandKind kind) => kind switch
    {
        CommandKind.Suspend => AccountStatus.Suspended,
        CommandKind.Close => AccountStatus.Closed,
        _ => AccountStatus.Active,
    };

    /// <summary>Limits that stay keep their age, and with it all that they count.</summary>
    private void Replace(LimitSet limits, long atMs)
    {
        var old = Spend;
        Spend = [.. limits.Spend.Select(l => new NaiveLimit(l, old.Find(o => o.Limit.IsSameLimit(l))?.Since ?? Facts.Count))];
        foreach (var limit in Spend)
        {
            if (old.Find(o => o.Limit.IsSameLimit(limit.Limit)) is { } same) _overruns[limit] = OverrunOf(same);
        }
        foreach (var gone in old.Except(Spend)) _overruns.Remove(gone);
        Requests = Refit(Requests, limits.Requests, atMs);
        Tokens = Refit(Tokens, limits.Tokens, atMs);
        Limits = limits;
    }

    private NaiveBucket? Refit(NaiveBucket? bucket, RateLimit? limit, long atMs)
    {
        if (limit is null) return null;
        if (bucket is null) return new NaiveBucket(limit, atMs, Facts.Count);
        bucket.Pass(atMs);
        bucket.Change(limit);
        return bucket;
    }
}
