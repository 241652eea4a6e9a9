using System.Runtime.CompilerServices;
using Enforcer.Protocol.V1;
using Enforcer.Server.Tests.Support;

namespace Enforcer.Server.Tests;

/// <summary>Whatever comes in: a definite status goes out, memory stays bounded, and a good client does not notice.</summary>
public sealed class FuzzTests
{
    private const int Default = 20_000;
    private const int AtOnce = 32;
    private const int GoodCalls = 100;
    private const long MostGrowthBytes = 32L * 1024 * 1024;

    /// <summary>
    /// What bad bytes may get. UNKNOWN, and INTERNAL except for a flag that gRPC does not know, would mean that the server did not
    /// understand what happened.
    /// </summary>
    private static readonly HashSet<string?> Definite = ["0", "3", "5", "6", "8", "9", "12"];

    /// <summary>How many bodies to send; ENFORCER_FUZZ asks for more.</summary>
    private static int Count => int.TryParse(Environment.GetEnvironmentVariable("ENFORCER_FUZZ"), out var count) ? count : Default;

    [Fact]
    public async Task Random_and_spoilt_bodies_get_a_status_and_harm_nobody()
    {
        await using var server = await TestServer.StartAsync();
        var prey = await server.CreateKeyAsync(50);
        var good = await server.CreateKeyAsync(1_000_000_000);
        using var raw = new RawEdge(server);
        var bodies = new FuzzBodies(EdgeCalls.Key(prey.Secret));
        using var fuzzed = new CancellationTokenSource();
        var spent = new StrongBox<int>();
        var spending = SpendAsync(server, good.Secret, spent, fuzzed);

        var warmUp = Count / 10;
        await SendAsync(raw, bodies, 0, warmUp);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await SendAsync(raw, bodies, warmUp, Count);
        // On a busy disk the good client needs longer; it is to make its calls beside the others'.
        for (var more = Count; Volatile.Read(ref spent.Value) <= GoodCalls && more < 50 * Count && !spending.IsCompleted; more += warmUp)
            await SendAsync(raw, bodies, more, more + warmUp);
        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        await fuzzed.CancelAsync();

        var committed = await spending;
        Assert.True(spent.Value > GoodCalls, $"The good client made {spent.Value} calls.");
        var view = await server.Operator.GetAccountAsync(new GetAccountRequest { Account = good.Key.Account });
        Assert.Equal((committed, 0), (view.CommittedNanos, view.HeldNanos));
        Assert.True(growth < MostGrowthBytes, $"The heap has grown by {growth} bytes.");
        Assert.Equal("ready\n", await server.Http.GetStringAsync("/readyz"));
        Assert.False(server.Server.Ended.IsCompleted);
    }

    private static Task SendAsync(RawEdge raw, FuzzBodies bodies, int from, int to) => Parallel.ForEachAsync(
        Enumerable.Range(from, to - from),
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
        async (number, _) =>
        {
            var (method, body) = bodies.Make(number);
            var (status, message) = await raw.SendAsync(method, body);
            var isUnknownFlag = status == "13" && message.Contains("starts with flag", StringComparison.Ordinal);
            Assert.True(
                isUnknownFlag || Definite.Contains(status),
                $"Body {number} ({method}, {Convert.ToHexString(body)}) got the status {status}: {message}");
        });

    /// <summary>Spends as an edge should until the fuzzing has ended; each call must be granted. Answers what was booked, in nanos.</summary>
    private static async Task<long> SpendAsync(TestServer server, string key, StrongBox<int> calls, CancellationTokenSource fuzzed)
    {
        var committed = 0L;
        while (!fuzzed.IsCancellationRequested)
        {
            await using var reservation = await server.Client.ReserveAsync(key, 10);
            committed += (await reservation.EnsureGranted().CommitAsync(calls.Value % 10 + 1)).ChargedNanos;
            Interlocked.Increment(ref calls.Value);
        }
        return committed;
    }
}
