using System.Runtime.CompilerServices;
using Enforcer.Host;
using Enforcer.Ledger.Accounts;
using Enforcer.Server.Edges;
using Enforcer.Server.Wire;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Operators;

/// <summary>Balances as they change: the accounts named, or all that are in use. At most one message per interval, of durable facts only.</summary>
/// <remarks>
/// Watching keeps no account in memory, and brings none back: one that has left memory cannot have changed since it was told, unless it came and
/// went between two looks. It stays longer than that, except where the interval is longer than the time it stays.
/// </remarks>
internal sealed class OperatorWatch(IAccountEngine host, AccountCatalog catalog, OperatorAccounts accounts, TimeProvider clock)
{
    private const long DefaultIntervalMs = 500;
    private const long LeastIntervalMs = 50;
    private const int MaxAccounts = 1_000;

    public async IAsyncEnumerable<V1.WatchResponse> WatchAsync(V1.WatchRequest request, OperatorCall call)
    {
        var intervalMs = request.IntervalMs == 0 ? DefaultIntervalMs : request.IntervalMs;
        if (intervalMs is < LeastIntervalMs or > 3_600_000)
            throw Faults.Invalid($"interval_ms is {intervalMs}; give {LeastIntervalMs} to 3600000, or 0 for {DefaultIntervalMs}.");
        if (request.Accounts.Count > MaxAccounts) throw Faults.Invalid($"accounts has {request.Accounts.Count} names; give at most {MaxAccounts}, or none for all.");
        var named = new List<long>();
        foreach (var account in request.Accounts) named.Add((await accounts.FindAsync(account, call).ConfigureAwait(false)).Number);

        var told = new Dictionary<long, long>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(intervalMs), clock);
        do
        {
            var response = new V1.WatchResponse();
            await foreach (var view in ChangedAsync(named.Count > 0 ? named.ToAsyncEnumerable() : host.ReadActiveAsync(call.Cancel), told, intervalMs < host.Options.IdleMs, call.Cancel).ConfigureAwait(false))
                response.Accounts.Add(view);
            if (response.Accounts.Count > 0) yield return response;
        }
        while (await timer.WaitForNextTickAsync(call.Cancel).ConfigureAwait(false));
    }

    private async IAsyncEnumerable<V1.AccountView> ChangedAsync(
        IAsyncEnumerable<long> numbers, Dictionary<long, long> told, bool seesAllChanges, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var number in numbers.ConfigureAwait(false))
        {
            if (seesAllChanges && told.ContainsKey(number) && !host.MayBeActive(number)) continue;
            var reading = await host.ReadAsync(number, cancel).ConfigureAwait(false);
            if (reading.Status == AccountStatus.None || (told.TryGetValue(number, out var seq) && seq == reading.Seq)) continue;
            if (await catalog.FindAsync(number, cancel).ConfigureAwait(false) is not { } target) continue;
            told[number] = reading.Seq;
            yield return Views.Of(reading, target.Id);
            if (told.Count > MaxAccounts * 100) told.Clear();
        }
    }
}
