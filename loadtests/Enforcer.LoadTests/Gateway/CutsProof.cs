using System.Text.Json.Nodes;
using Enforcer.LoadTests.Measuring;
using Enforcer.Protocol.V1;
using Enforcer.SimulatedUpstream;

namespace Enforcer.LoadTests.Gateway;

/// <summary>Streams that are cut at random: the customer leaves, the upstream breaks off, the edge is killed with kill -9 and started again. Then the books are audited.</summary>
internal sealed class CutsProof(GatewayArena arena, int streams, int kills, int seed, Report report)
{
    private const int Keys = 10;
    private const int AtOnce = 40;
    private const int MaxTokens = 150;
    private const long CapNanos = 1_000_000_000_000;
    private static readonly TimeSpan SettledWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly Dictionary<CallEnd, int> _ends = [];
    private readonly Lock _gate = new();
    private int _begun;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var before = arena.Upstream.Served.All.Count;
        var random = new Random(seed);
        // A third of the calls break off at the upstream.
        arena.Upstream.Script = _ =>
        {
            lock (random)
            {
                var output = random.Next(20, MaxTokens);
                return new CallPlan { OutputTokens = output, TokensPerSecond = 400, CutAfterTokens = random.Next(3) == 0 ? random.Next(output) : null };
            }
        };
        var keys = await Task.WhenAll(Enumerable.Range(0, Keys).Select(_ => arena.CreateKeyAsync(CapNanos))).ConfigureAwait(false);
        var customers = Enumerable.Range(0, AtOnce).Select(number => SpendAsync(keys, new Random(unchecked((seed * 31) + number)), cancellation)).ToList();
        await KillAsync(random, cancellation).ConfigureAwait(false);
        await Task.WhenAll(customers).ConfigureAwait(false);
        if (!await arena.SettleAsync(keys, SettledWithin, cancellation).ConfigureAwait(false))
            report.Fail($"reservations were open {SettledWithin.TotalSeconds:0} s after the last stream");
        arena.Upstream.Script = _ => null;
        await AuditAsync(keys, before).ConfigureAwait(false);
    }

    private async Task SpendAsync(CreateKeyResponse[] keys, Random random, CancellationToken cancellation)
    {
        using var customer = new Customer(arena.Edge.Address);
        while (Interlocked.Increment(ref _begun) <= streams)
        {
            var leaves = random.Next(3) == 0 ? random.Next(1, 10_000) : int.MaxValue;
            var end = await customer.CallAsync(keys[random.Next(Keys)].Secret, stream: true, MaxTokens, leaves).ConfigureAwait(false);
            lock (_gate)
                _ends[end] = _ends.GetValueOrDefault(end) + 1;
            if (end != CallEnd.Unreachable)
                continue;
            // Nothing was called: the edge is being started again.
            Interlocked.Decrement(ref _begun);
            await Task.Delay(Pause, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Kills the edge again and again, spread over the run.</summary>
    private async Task KillAsync(Random random, CancellationToken cancellation)
    {
        for (var kill = 1; kill <= kills; kill++)
        {
            while (Volatile.Read(ref _begun) < (long)streams * kill / (kills + 1))
                await Task.Delay(Pause, cancellation).ConfigureAwait(false);
            int wait;
            lock (random)
                wait = random.Next(50);
            await Task.Delay(wait, cancellation).ConfigureAwait(false);
            await arena.Edge.KillAndRestartAsync().ConfigureAwait(false);
        }
    }

    private async Task AuditAsync(CreateKeyResponse[] keys, int before)
    {
        // What the upstream still sends into nothing ends by itself.
        while (arena.Upstream.Served.All.Count < arena.Upstream.Served.Started)
            await Task.Delay(Pause).ConfigureAwait(false);
        var audit = new BooksAudit(arena.Upstream.Served.All.Skip(before));
        foreach (var key in keys)
        {
            var entries = new List<LedgerEntry>();
            await foreach (var entry in arena.Operator.QueryLedgerAsync(new QueryLedgerRequest { Account = key.Key.Account }).ConfigureAwait(false))
                entries.Insert(0, entry);
            audit.Add(entries, await arena.ViewAsync(key).ConfigureAwait(false));
        }

        audit.Tell(report);
        report["kills"] = kills;
        report["cut_ends"] = new JsonObject(_ends.Select(pair => KeyValuePair.Create(pair.Key.ToString(), (JsonNode?)pair.Value)));
    }
}
