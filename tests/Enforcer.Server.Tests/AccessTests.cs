using Enforcer.Access;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using Enforcer.Server.Tests.Support;
using Role = Enforcer.Protocol.V1.Role;

namespace Enforcer.Server.Tests;

/// <summary>Who is turned away, and that the audit trail knows.</summary>
public sealed class AccessTests
{
    [Fact]
    public async Task Wrong_tokens_and_roles_are_refused_and_in_the_audit_trail()
    {
        await using var server = await TestServer.StartAsync();
        var reserve = new Command { Reserve = EdgeCalls.ReserveOf(EdgeCalls.Id("acme"), 1) };
        using (var stranger = server.ChannelFor("enf_edge_nonsense"))
        {
            await AssertFails(GrpcStatus.Unauthenticated, () => stranger.UnaryAsync(reserve).AsTask());
            await AssertFails(GrpcStatus.Unauthenticated, () => stranger.SessionAsync(reserve));
        }
        using (var viewer = server.ChannelFor(await server.CreateTokenAsync(Role.Viewer)))
        {
            var account = (await server.CreateKeyAsync()).Key.Account;
            Assert.Equal(account, (await viewer.UnaryAsync(OperatorCalls.GetAccount, new() { Account = account })).Account);
            await AssertFails(GrpcStatus.PermissionDenied, () => viewer.UnaryAsync(reserve).AsTask());
            await AssertFails(GrpcStatus.PermissionDenied, () => viewer.SessionAsync(reserve));
            await AssertFails(GrpcStatus.PermissionDenied, () => viewer.UnaryAsync(OperatorCalls.SetLimits, new()).AsTask());
        }
        await AssertFails(GrpcStatus.PermissionDenied, () => server.Edge.UnaryAsync(OperatorCalls.CreateToken, new()).AsTask());
        await server.StopAsync();

        using var directory = await server.Place.OpenDirectoryAsync();
        var notes = (await directory.Audit.QueryAsync(null, 0, 100, default)).Select(line => line.Note).ToList();
        Assert.Contains(notes, note => note.Action == AuditActions.Unauthenticated);
        Assert.Contains(notes, note => note.Action == AuditActions.Forbidden);
    }

    [Fact]
    public async Task Revoked_token_ends_its_session()
    {
        await using var server = await TestServer.StartAsync();
        var token = await server.Operator.CreateTokenAsync(new CreateTokenRequest { Role = Role.Edge });
        var key = await server.CreateKeyAsync();
        using var edge = server.ChannelFor(token.Secret);
        using var session = edge.Duplex(EdgeCalls.Session);
        await session.Writer.WriteAsync(new CommandBatch { Commands = { new Command { Reserve = EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), 1) } } });
        Assert.Equal(Refusal.Granted, (await session.Reader.ReadAsync())!.Outcomes[0].Refusal);

        await server.Operator.RevokeTokenAsync(new RevokeTokenRequest { TokenId = token.Token.TokenId });
        await session.Writer.WriteAsync(new CommandBatch { Commands = { new Command { Reserve = EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), 1) } } });
        await AssertFails(GrpcStatus.Unauthenticated, () => session.Reader.ReadAsync().AsTask());
    }

    [Fact]
    public async Task First_admin_token_is_shown_exactly_once()
    {
        await using var server = await TestServer.StartAsync();
        Assert.StartsWith("enf_admin_", server.Server.FirstAdminToken, StringComparison.Ordinal);
        await server.StopAsync();
        await server.StartAgainAsync();
        Assert.Null(server.Server.FirstAdminToken);
        Assert.Equal(2, (await server.Operator.ListTokensAsync(new ListTokensRequest())).Tokens.Count);
    }

    private static async Task AssertFails(GrpcStatus code, Func<Task> call)
    {
        var failed = await Assert.ThrowsAsync<GrpcStatusException>(call);
        Assert.True(failed.Code == code, failed.ToString());
    }
}
