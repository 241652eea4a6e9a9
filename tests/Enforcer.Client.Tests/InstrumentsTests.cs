using System.Collections.Concurrent;
using System.Diagnostics;
using Enforcer.Client.Tests.Support;
using Enforcer.Protocol.V1;

namespace Enforcer.Client.Tests;

public sealed class InstrumentsTests
{
    private static readonly AccountName Acme = new("acme");

    [Fact]
    public async Task Calls_refusals_retries_and_reconnects_are_counted()
    {
        using var meters = new OwnMeters();
        using var seen = new Measurements(meters);
        var answers = new Queue<Refusal>([Refusal.Granted, Refusal.Busy, Refusal.Concurrency]);
        await using var server = await FakeServer.StartAsync(command => answers.TryDequeue(out var refusal) && refusal != Refusal.Granted
            ? FakeSession.Refuse(command, refusal)
            : FakeSession.Grant(command));
        await using var client = new EnforcerClient(server.Options(), meters: meters);
        await client.ReserveAsync(Acme, 1).Within();
        await client.ReserveAsync(Acme, 1).Within();
        (await server.NextSessionAsync()).Break();
        await client.ReserveAsync(Acme, 1).Within();

        Assert.Equal(3, seen.Count("enforcer.client.duration"));
        Assert.Equal("Concurrency", seen.Tag("enforcer.client.refusals", "refusal"));
        Assert.Equal(1, seen.Count("enforcer.client.retries"));
        Assert.Equal(1, seen.Count("enforcer.client.reconnects"));
        seen.Observe();
        Assert.Equal(0, seen.Last("enforcer.client.in_flight"));
    }

    [Fact]
    public async Task A_reserve_is_an_activity()
    {
        var activities = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Enforcer.Client",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activities.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = await FakeServer.StartAsync(FakeSession.Grant);
        await using var client = server.Connect();
        await client.ReserveAsync(Acme, 1, new() { Model = "model-of-this-test" }).Within();
        var activity = Assert.Single(activities, activity => Equals(activity.GetTagItem("gen_ai.request.model"), "model-of-this-test"));
        Assert.Equal(("enforcer.reserve", "Granted"), (activity.OperationName, activity.GetTagItem("enforcer.refusal")));
    }
}
