using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Enforcer.Host;
using Enforcer.Ledger.Accounts;
using Enforcer.Server.Edges;
using Enforcer.Server.Wire;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Operators;

/// <summary>Balances as they change: the accounts named, or all that are in use. At most one message per interval, of durable facts only.</summary>
/// <remarks>
/// <para>Watching keeps no account in memory, and brings none back: one that has left memory cannot have changed since it was told, unless it came and
/// went between two looks. It stays longer than that, except where the interval is longer than the time it stays.</para>
/// <para>Where changes are told by those who make them, they are waited for; then looking is only for those that were missed.</para>
/// </remarks>
internal sealed class OperatorWatch(IAccountEngine host, IBalanceFeed? feed, AccountCatalog catalog, OperatorAccounts accounts, TimeProvider clock)
{
    private const long DefaultIntervalMs = 500;
    private const long LeastIntervalMs = 50;
    private const long LooksApartMs = 10_000;
    private const int MaxAccounts = 1_000;
    private const int MaxTold = MaxAccounts * 100;

    public async IAsyncEnumerable<V1.WatchResponse> WatchAsync(V1.WatchRequest request, OperatorCall call)
    {
        var intervalMs = request.IntervalMs == 0 ? DefaultIntervalMs : request.IntervalMs;
        if (intervalMs is < LeastIntervalMs or > 3_600_000)
            throw Faults.Invalid($"interval_ms is {intervalMs}; give {LeastIntervalMs} to 3600000, or 0 for {DefaultIntervalMs}.");
        if (request.Accounts.Count > MaxAccounts) throw Faults.Invalid($"accounts has {request.Accounts.Count} names; give at most {MaxAccounts}, or none for all.");
        var named = new HashSet<long>();
        foreach (var account in request.Accounts) named.Add((await accounts.FindAsync(account, call).ConfigureAwait(false)).Number);

        var fed = new ConcurrentDictionary<long, AccountReading>();
        using var feeding = feed is null ? null : await feed.SubscribeAsync(reading => Take(reading, named, fed), call.Cancel).ConfigureAwait(false);
        var told = new Dictionary<long, long>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(intervalMs), clock);
        var roundsApart = feed is null ? 1 : Math.Max(1, LooksApartMs / intervalMs);
        for (var round = 0L; round == 0 || await timer.WaitForNextTickAsync(call.Cancel).ConfigureAwait(false); round++)
        {
            var readings = round % roundsApart == 0 ? LookAsync(named, told, intervalMs < host.Options.IdleMs, call.Cancel) : Drain(fed).ToAsyncEnumerable();
            var response = new V1.WatchResponse();
            await foreach (var view in NewsAsync(readings, told, call.Cancel).ConfigureAwait(false)) response.Accounts.Add(view);
            if (response.Accounts.Count > 0) yield return response;
        }
    }

    /// <summary>Keeps the newest reading of each account until the next message.</summary>
    private static void Take(AccountReading reading, HashSet<long> named, ConcurrentDictionary<long, AccountReading> fed)
    {
        if ((named.Count == 0 || named.Contains(reading.Account)) && (fed.Count < MaxTold || fed.ContainsKey(reading.Account)))
            fed.AddOrUpdate(reading.Account, reading, (_, last) => reading.Seq > last.Seq ? reading : last);
    }

    private static IEnumerable<AccountReading> Drain(ConcurrentDictionary<long, AccountReading> fed)
    {
        foreach (var (account, _) in fed)
        {
            if (fed.TryRemove(account, out var reading)) yield return reading;
        }
    }

    private async IAsyncEnumerable<AccountReading> LookAsync(
        HashSet<long> named, Dictionary<long, long> told, bool seesAllChanges, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var number in (named.Count > 0 ? named.ToAsyncEnumerable() : host.ReadActiveAsync(cancel)).ConfigureAwait(false))
        {
            if (seesAllChanges && told.ContainsKey(number) && !host.MayBeActive(number)) continue;
            yield return await host.ReadAsync(number, cancel).ConfigureAwait(false);
        }
    }

    private async IAsyncEnumerable<V1.AccountView> NewsAsync(
        IAsyncEnumerable<AccountReading> readings, Dictionary<long, long> told, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var reading in readings.WithCancellation(cancel).ConfigureAwait(false))
        {
            if (reading.Status == AccountStatus.None || (told.TryGetValue(reading.Account, out var seq) && seq >= reading.Seq)) continue;
            if (await catalog.FindAsync(reading.Account, cancel).ConfigureAwait(false) is not { } target) continue;
            told[reading.Account] = reading.Seq;
            yield return Views.Of(reading, target.Id);
            if (told.Count > MaxTold) told.Clear();
        }
    }
}
