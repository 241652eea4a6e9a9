using Enforcer.Client.Tests.Support;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;

namespace Enforcer.Client.Tests.EndToEnd;

/// <summary>Many callers on one session, servers that come and go, and tokens that do not fit.</summary>
public sealed class SessionEndToEndTests(RealServer server) : IClassFixture<RealServer>
{
    [Fact]
    public async Task Concurrent_callers_share_batches_and_the_cap_holds_to_the_nano()
    {
        const int Calls = 2_000;
        const long Amount = 7;
        const long Cap = 7 * 1_000 + 3;
        using var meters = new OwnMeters();
        using var seen = new Measurements(meters);
        var key = await server.CreateKeyAsync(Cap);
        await using var client = new EnforcerClient(server.OptionsFor(server.EdgeToken), meters: meters);

        var granted = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => Task.Run(SpendAsync))).Within();

        Assert.Equal(Cap / Amount, granted.Count(spent => spent));
        var view = await server.ViewAsync(key);
        Assert.Equal((Cap - 3, 0, 3), (view.CommittedNanos, view.HeldNanos, view.SpendLimits[0].HeadroomNanos));
        Assert.InRange(seen.Count("enforcer.client.batch_size"), 1, Calls / 2);

        async Task<bool> SpendAsync()
        {
            await using var reservation = await client.ReserveAsync(key.Secret, Amount);
            return reservation.IsGranted && (await reservation.CommitAsync(Amount)).IsGranted;
        }
    }

    [Fact]
    public async Task Calls_outlast_a_restart_of_the_server()
    {
        var key = await server.CreateKeyAsync(1_000);
        await using var client = server.Connect();
        await using var reservation = await client.ReserveAsync(key.Secret, 400).Within();
        await server.StopAsync();
        var commit = reservation.CommitAsync(150).AsTask();
        var another = client.ReserveAsync(key.Secret, 100, new() { OnDispose = DisposePolicy.Release }).AsTask();
        Assert.False(commit.IsCompleted);
        await server.StartAsync();
        Assert.Equal(150, (await commit.Within()).EnsureGranted().ChargedNanos);
        await (await another.Within()).EnsureGranted().DisposeAsync();
        var view = await server.ViewAsync(key);
        Assert.Equal((150, 0), (view.CommittedNanos, view.HeldNanos));
    }

    [Fact]
    public async Task Repeats_after_a_restart_get_the_first_answers_and_take_no_second_effect()
    {
        var key = await server.CreateKeyAsync(1_000);
        await using var client = server.Connect();
        var reserve = new SessionCommand
        {
            Kind = SessionCommandKind.Reserve,
            OperationId = client.Session.Ids.Next(),
            Account = key.Secret,
            AmountNanos = 400,
        };
        var commit = new SessionCommand
        {
            Kind = SessionCommandKind.Commit,
            OperationId = client.Session.Ids.Next(),
            Account = key.Secret,
            ReservationId = reserve.OperationId,
            AmountNanos = 150,
            Final = true,
            Mark = 1,
        };
        var first = await AnswersAsync(client, reserve, commit);
        await server.StopAsync();
        await server.StartAsync();
        Assert.Equal(first, await AnswersAsync(client, reserve, commit));
        Assert.Equal([400, 0], first.Select(outcome => outcome.HeldNanos));
        var view = await server.ViewAsync(key);
        Assert.Equal((150, 0), (view.CommittedNanos, view.HeldNanos));
    }

    [Fact]
    public async Task Servers_that_are_gone_are_passed_over()
    {
        using var gone = new DeadAddress();
        var key = await server.CreateKeyAsync(1_000);
        await using var client = server.Connect(options => options.Endpoints = [gone.Uri.ToString(), .. options.Endpoints]);
        await using var reservation = await client.ReserveAsync(key.Secret, 1).Within();
        Assert.True(reservation.IsGranted);
        Assert.Equal(1, (await client.GetAsync(key.Secret).Within()).Account.HeldNanos);
    }

    [Fact]
    public async Task Wrong_revoked_and_unfit_tokens_are_told_apart()
    {
        var key = await server.CreateKeyAsync(1_000);
        Assert.Equal(GrpcStatus.Unauthenticated, await FailureAsync(key, "enf_edge_00000000000000000000000000000000000000000000"));
        Assert.Equal(GrpcStatus.PermissionDenied, await FailureAsync(key, await server.CreateTokenAsync(Role.Viewer)));

        var token = await server.Operator.CreateTokenAsync(new() { Role = Role.Edge, Label = "short-lived" });
        await using var client = server.Connect(options => options.Token = token.Secret);
        await using (var reservation = await client.ReserveAsync(key.Secret, 1).Within())
            Assert.True(reservation.IsGranted);
        await server.Operator.RevokeTokenAsync(new() { TokenId = token.Token.TokenId });
        Assert.Equal(GrpcStatus.Unauthenticated, await FailureAsync(key, token.Secret));
    }

    private async Task<GrpcStatus> FailureAsync(CreateKeyResponse key, string token)
    {
        await using var client = server.Connect(options => options.Token = token);
        var reserving = await Assert.ThrowsAsync<EnforcerException>(() => client.ReserveAsync(key.Secret, 1).AsTask().Within());
        var reading = await Assert.ThrowsAsync<EnforcerException>(() => client.GetAsync(key.Secret).Within());
        Assert.Equal(reserving.Code, reading.Code);
        Assert.False(reserving.MayHaveTakenEffect);
        Assert.DoesNotContain(token, reserving.Message, StringComparison.Ordinal);
        return reserving.Code;
    }

    private static async Task<List<SessionOutcome>> AnswersAsync(EnforcerClient client, params SessionCommand[] commands)
    {
        var recorder = new Recorder();
        await client.Session.SendAsync(commands, recorder);
        await Patience.UntilAsync(() => recorder.Count == commands.Length, "all answers");
        return [.. recorder.Outcomes.OrderBy(outcome => outcome.Key).Select(outcome => outcome.Value)];
    }
}
