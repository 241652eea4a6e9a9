using Enforcer.Edge.Tests.Support;
using Enforcer.Protocol.V1;
using Enforcer.SimulatedUpstream;

namespace Enforcer.Edge.Tests.EndToEnd;

/// <summary>kill -9 in the middle of a stream: whoever starts on the same outbox books the call, once, at what was held for it.</summary>
public sealed class KilledEdgeTests
{
    [Fact]
    public async Task What_a_killed_edge_served_is_booked_by_the_next_one()
    {
        await using var world = await World.StartAsync();
        world.Upstream.Script = _ => new CallPlan { OutputTokens = 1_000, TokensPerSecond = 100 };
        var key = await world.CreateKeyAsync(1_000_000_000);
        using var folder = new Folder();
        await using (var edge = new KillableEdge(world, folder.Path))
        {
            using var answer = await world.PostAsync(await edge.AddressAsync(), Bodies.Chat, key.Secret, Bodies.Of(Bodies.Chat, stream: true, most: 1_000));
            await using var stream = await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
            Assert.True(await stream.ReadAsync(new byte[64]) > 0);
        }
        Assert.Equal(1, (await world.ViewAsync(key)).OpenReservations);

        await using var next = new KillableEdge(world, folder.Path);
        var account = await world.SettledAsync(key);
        await Patience.UntilAsync(() => Task.FromResult(world.Upstream.Served.All.Count == 1), "the upstream's end");
        var ledger = await world.LedgerAsync(key);
        var held = Assert.Single(ledger, entry => entry.Kind == EntryKind.ReservationMade).HeldChangeNanos;
        var booked = Assert.Single(ledger, entry => entry.Kind == EntryKind.ReservationCommitted);
        Assert.True(booked.Priced.Estimated);
        Assert.InRange(account.CommittedNanos, Prices.Of(world.Upstream.Served.All), held);
        Assert.InRange(held - account.CommittedNanos, 0, 10);
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("enforcer-edge-killed-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
