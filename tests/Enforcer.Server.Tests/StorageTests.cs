using System.Net;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using Enforcer.Server.Tests.Support;
using Google.Rpc;

namespace Enforcer.Server.Tests;

/// <summary>A journal that cannot be written for a while: nothing is granted, health is red, and all of it passes by itself.</summary>
public sealed class StorageTests
{
    [Fact]
    public async Task Commands_are_unavailable_while_the_journal_is_and_take_effect_once_afterwards()
    {
        await using var server = await TestServer.StartAsync();
        var key = await server.CreateKeyAsync();
        var reserve = new Command { Reserve = EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), 10) };
        var other = new Command { Reserve = EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), 100) };
        Assert.Equal(Refusal.Granted, (await server.Edge.UnaryAsync(other)).Refusal);

        await using (await server.Place.BlockAsync())
        {
            var refused = await Assert.ThrowsAsync<GrpcStatusException>(() => server.Edge.UnaryAsync(reserve).AsTask());
            Assert.Equal(GrpcStatus.Unavailable, refused.Code);
            Assert.NotNull(refused.Detail<RetryInfo>());
            var told = Assert.Single(await server.Edge.SessionAsync(reserve));
            Assert.Equal(Refusal.Unavailable, told.Refusal);
            Assert.Contains("same operation id", told.Detail.Message, StringComparison.Ordinal);
            await UntilReadyIsAsync(server, HttpStatusCode.ServiceUnavailable);
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "/livez"));
        }

        await UntilReadyIsAsync(server, HttpStatusCode.OK);
        var granted = await RetriedAsync(server, reserve);
        Assert.Equal(Refusal.Granted, granted.Refusal);
        Assert.Equal(granted, await server.Edge.UnaryAsync(reserve));
        var view = await server.Admin.UnaryAsync(OperatorCalls.GetAccount, new() { Account = key.Key.Account });
        Assert.Equal((110, 2), (view.HeldNanos, view.OpenReservations));
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

    private static async Task<Outcome> RetriedAsync(TestServer server, Command command)
    {
        while (true)
        {
            try
            {
                return await server.Edge.UnaryAsync(command);
            }
            catch (GrpcStatusException refused) when (refused.Code == GrpcStatus.Unavailable)
            {
                await Task.Delay(20);
            }
        }
    }
}
