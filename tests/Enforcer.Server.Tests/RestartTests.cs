using Enforcer.Protocol.V1;
using Enforcer.Server.Tests.Support;

namespace Enforcer.Server.Tests;

/// <summary>What a server knew before it stopped it knows again.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task Restart_keeps_everything_and_repeats_get_equal_answers()
    {
        await using var server = await TestServer.StartAsync();
        var key = await server.CreateKeyAsync(1_000);
        var by = EdgeCalls.Key(key.Secret);
        var settled = EdgeCalls.ReserveOf(by, 400);
        var open = EdgeCalls.ReserveOf(by, 250);
        Command[] commands = [new() { Reserve = settled }, new() { Commit = EdgeCalls.CommitOf(settled, 300) }, new() { Reserve = open }];
        var told = new List<Outcome>();
        foreach (var command in commands) told.Add(await server.Edge.UnaryAsync(command));
        var view = await server.Operator.GetAccountAsync(new GetAccountRequest { Account = key.Key.Account });
        Assert.Equal((300, 250), (view.CommittedNanos, view.HeldNanos));

        await server.StopAsync();
        await server.StartAgainAsync();

        Assert.Equal(view, await server.Operator.GetAccountAsync(new GetAccountRequest { Account = key.Key.Account }));
        foreach (var (command, before) in commands.Zip(told)) Assert.Equal(before, await server.Edge.UnaryAsync(command));
        var inSession = await server.Edge.SessionAsync(commands);
        foreach (var (after, before) in inSession.Zip(told)) Assert.Equal(before, new Outcome(after) { Number = 0 });

        Assert.Equal(250, (await server.Edge.UnaryAsync(EdgeCalls.Commit, EdgeCalls.CommitOf(open, 250))).ChargedNanos);
        view = await server.Operator.GetAccountAsync(new GetAccountRequest { Account = key.Key.Account });
        Assert.Equal((550, 0), (view.CommittedNanos, view.HeldNanos));
    }
}
