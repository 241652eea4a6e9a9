using System.Net;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using Enforcer.Server.Tests.Support;
using Enforcer.Storage.Postgres.Tests.Support;

namespace Enforcer.Server.Tests;

/// <summary>PostgreSQL is killed under load and started again: what was answered is there, once, and the server goes on by itself.</summary>
public sealed class KilledDatabaseTests
{
    private const int Clients = 8;
    private const int Kills = 4;

    [Fact]
    public async Task While_it_is_down_calls_are_unavailable_and_health_is_red_and_both_pass_by_themselves()
    {
        await using var server = await TestServer.StartAsync();
        var key = await server.CreateKeyAsync();
        var reserve = new Command { Reserve = EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), 10) };
        await using (await server.Place.KillDatabaseAsync())
        {
            // Its token is still believed from memory, its account was never asked for.
            var first = new Command { Reserve = EdgeCalls.ReserveOf(EdgeCalls.Id("never-asked-for"), 10) };
            Assert.Equal(GrpcStatus.Unavailable, (await Assert.ThrowsAsync<GrpcStatusException>(() => server.Edge.UnaryAsync(first).AsTask())).Code);
            await UntilReadyIsAsync(server, HttpStatusCode.ServiceUnavailable);
            Assert.Equal(GrpcStatus.Unavailable, (await Assert.ThrowsAsync<GrpcStatusException>(() => server.Edge.UnaryAsync(reserve).AsTask())).Code);
            Assert.Equal(GrpcStatus.Unavailable, (await Assert.ThrowsAsync<GrpcStatusException>(() => server.Edge.SessionAsync(reserve))).Code);
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "/livez"));
        }

        await UntilReadyIsAsync(server, HttpStatusCode.OK);
        // The journal may find only now that its connection is gone; the client asks again.
        await using var reservation = await server.Client.ReserveAsync(key.Secret, 1);
        Assert.True(reservation.IsGranted);
    }

    [Fact]
    public async Task Connections_that_were_cut_are_made_again_before_anybody_notices()
    {
        await using var server = await TestServer.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            var key = await server.CreateKeyAsync();
            await PostgresServer.SqlAsync(
                server.Place.Database, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'enforcer/node-1'");
            await using var reservation = await server.Client.ReserveAsync(key.Secret, 1);
            Assert.True(reservation.IsGranted);
        }
    }

    [Fact]
    public async Task Nothing_that_was_answered_is_lost_or_doubled()
    {
        await using var server = await TestServer.StartAsync();
        var keys = new List<CreateKeyResponse>();
        for (var i = 0; i < Clients / 2; i++) keys.Add(await server.CreateKeyAsync(1_000_000_000));
        var isOver = false;
        var calls = new long[Clients];
        var spending = Enumerable.Range(0, Clients)
            .Select(i => Task.Run(() => SpendAsync(server, keys[i / 2].Secret, () => !Volatile.Read(ref isOver), () => Interlocked.Increment(ref calls[i])))).ToArray();
        for (var kill = 0; kill < Kills; kill++)
        {
            await UntilAllGoOnAsync(calls, spending);
            await using (await server.Place.KillDatabaseAsync()) await Task.Delay(100);
            await UntilReadyIsAsync(server, HttpStatusCode.OK);
        }
        await UntilAllGoOnAsync(calls, spending);
        Volatile.Write(ref isOver, true);
        var committed = await Task.WhenAll(spending);

        Assert.All(committed, sum => Assert.True(sum > 0));
        for (var i = 0; i < keys.Count; i++)
        {
            var view = await server.Operator.GetAccountAsync(new GetAccountRequest { Account = keys[i].Key.Account });
            Assert.Equal((committed[2 * i] + committed[(2 * i) + 1], 0), (view.CommittedNanos, view.HeldNanos));
        }
    }

    /// <summary>Reserves and commits; the sum of what was answered as charged. The client asks again by itself, with the same operation ids.</summary>
    private static async Task<long> SpendAsync(TestServer server, string key, Func<bool> goesOn, Action called)
    {
        await using var client = server.NewClient();
        var committed = 0L;
        var amount = 0L;
        do
        {
            await using var reservation = await client.ReserveAsync(key, ++amount + 10);
            Assert.True(reservation.IsGranted);
            committed += (await reservation.CommitAsync(amount)).ChargedNanos;
            called();
        }
        while (goesOn());
        return committed;
    }

    /// <summary>Each kill comes upon calls of every client; none of them comes upon one kill after the other, until its time is over.</summary>
    private static async Task UntilAllGoOnAsync(long[] calls, Task[] spending)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        for (var i = 0; i < calls.Length; i++)
        {
            var before = Volatile.Read(ref calls[i]);
            while (Volatile.Read(ref calls[i]) < before + 2 && !spending[i].IsCompleted) await Task.Delay(20, patience.Token);
        }
    }

    private static async Task UntilReadyIsAsync(TestServer server, HttpStatusCode wanted)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (await StatusAsync(server, "/readyz") != wanted) await Task.Delay(20, patience.Token);
    }

    private static async Task<HttpStatusCode> StatusAsync(TestServer server, string path)
    {
        using var response = await server.Http.GetAsync(new Uri(path, UriKind.Relative));
        return response.StatusCode;
    }
}
