using Enforcer.Client.Tests.Support;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;

namespace Enforcer.Client.Tests;

/// <summary>The session against a scripted server: what leaves, in which order, and who gets which answer.</summary>
public sealed class SessionTests
{
    private static readonly AccountName Acme = new("acme");

    [Fact]
    public async Task Concurrent_calls_share_batches()
    {
        await using var server = await FakeServer.StartAsync();
        await using var client = server.Connect();
        var first = client.ReserveAsync(Acme, 1).AsTask();
        var session = await server.NextSessionAsync();
        await session.GrantAsync(await session.NextAsync());
        await first;

        var calls = Enumerable.Range(0, 1_000).Select(_ => client.ReserveAsync(Acme, 5).AsTask()).ToList();
        var commands = await session.NextAsync(calls.Count);
        await session.AnswerAsync(commands.Select(FakeSession.Grant));
        Assert.All(await Task.WhenAll(calls).Within(), reservation => Assert.True(reservation.IsGranted));

        Assert.True(session.BatchSizes.Count < 500, $"{session.BatchSizes.Count} batches for 1,000 calls");
        Assert.True(session.BatchSizes.Max() is > 1 and <= 512);
        Assert.Equal(1_001, session.BatchSizes.Sum());
    }

    [Fact]
    public async Task The_token_and_every_field_arrive()
    {
        await using var server = await FakeServer.StartAsync();
        await using var client = server.Connect(options => options.DefaultTtl = TimeSpan.FromSeconds(7));
        var options = new ReserveOptions { AtLeastNanos = 2, Tokens = 30, AtLeastTokens = 4, Model = "gpt-5.5", Tag = "batch" };
        var call = client.ReserveAsync("enf_live_x", 10, options).AsTask();
        var session = await server.NextSessionAsync();
        var command = await session.NextAsync();
        await session.AnswerAsync(new Outcome { Number = command.Number, HeldNanos = 9, HeldTokens = 20, HeadroomNanos = 91, ExpiresAtMs = 1_000 });
        var reservation = await call.Within();

        Assert.Equal("Bearer enf_edge_test", session.Authorization);
        Assert.Equal(new ReserveRequest
        {
            OperationId = reservation.Id.ToWire(),
            Account = new() { Key = "enf_live_x" },
            AmountNanos = 10,
            AtLeastNanos = 2,
            Tokens = 30,
            AtLeastTokens = 4,
            TtlMs = 7_000,
            Model = "gpt-5.5",
            Tag = "batch",
        }, command.Reserve);
        Assert.Equal((9, 20, 91), (reservation.HeldNanos, reservation.HeldTokens, reservation.HeadroomNanos));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1), reservation.ExpiresAt);
        await EndAsync(session, reservation);
    }

    [Fact]
    public async Task Answers_find_their_callers_in_any_order()
    {
        await using var server = await FakeServer.StartAsync();
        await using var client = server.Connect();
        var calls = Enumerable.Range(1, 100).Select(amount => client.ReserveAsync(Acme, amount).AsTask()).ToList();
        var session = await server.NextSessionAsync();
        var commands = await session.NextAsync(100);
        foreach (var command in Enumerable.Reverse(commands))
            await session.GrantAsync(command);
        var reservations = await Task.WhenAll(calls).Within();
        Assert.Equal(Enumerable.Range(1, 100).Select(amount => (long)amount), reservations.Select(reservation => reservation.HeldNanos));
    }

    [Fact]
    public async Task Commands_leave_in_the_order_of_their_acceptance()
    {
        await using var server = await FakeServer.StartAsync(FakeSession.Grant);
        await using var session = new EnforcerSession(server.Options());
        var recorder = new Recorder();
        var commands = Enumerable.Range(1, 2_000).Select(mark => Reserve(session, mark)).ToArray();
        await session.SendAsync(commands, recorder);
        var seen = await (await server.NextSessionAsync()).NextAsync(2_000);
        Assert.Equal(Enumerable.Range(1, 2_000).Select(mark => (long)mark), seen.Select(command => command.Reserve.AmountNanos));
        await Patience.UntilAsync(() => recorder.Count == 2_000, "all answers");
        Assert.Equal(2_000, recorder.Outcomes.Count);
    }

    [Fact]
    public async Task What_was_unanswered_is_sent_again_on_a_new_connection_with_the_same_ids_in_the_same_order()
    {
        await using var server = await FakeServer.StartAsync();
        await using var session = new EnforcerSession(server.Options());
        var recorder = new Recorder();
        await session.SendAsync(Enumerable.Range(1, 100).Select(mark => Reserve(session, mark)).ToArray(), recorder);
        var first = await server.NextSessionAsync();
        var sent = await first.NextAsync(100);
        await first.AnswerAsync(sent.Where((_, i) => i % 3 == 0).Select(FakeSession.Grant));
        await Patience.UntilAsync(() => recorder.Count == 34, "the first answers");
        first.Break();

        var second = await server.NextSessionAsync();
        var again = await second.NextAsync(66);
        Assert.Equal(sent.Where((_, i) => i % 3 != 0).Select(command => command.Reserve), again.Select(command => command.Reserve));
        await second.AnswerAsync(again.Select(FakeSession.Grant));
        await Patience.UntilAsync(() => recorder.Count == 100, "the other answers");
        Assert.Equal(100, recorder.Outcomes.Count);
        Assert.Empty(recorder.Failures);
    }

    [Fact]
    public async Task A_session_that_the_server_ends_is_opened_again_for_the_next_call()
    {
        await using var server = await FakeServer.StartAsync(FakeSession.Grant);
        await using var client = server.Connect();
        await client.ReserveAsync(Acme, 1).Within();
        (await server.NextSessionAsync()).End();
        await client.ReserveAsync(Acme, 1).Within();
        (await server.NextSessionAsync()).End(new GrpcStatusException(GrpcStatus.Unavailable, "idle"));
        await client.ReserveAsync(Acme, 1).Within();
    }

    [Fact]
    public async Task The_next_endpoint_takes_over_when_one_is_gone()
    {
        using var dead = new DeadAddress();
        await using var server = await FakeServer.StartAsync(FakeSession.Grant);
        await using var client = server.Connect(options => options.Endpoints = [dead.Uri.ToString(), server.Address.ToString()]);
        Assert.True((await client.ReserveAsync(Acme, 1).Within()).IsGranted);
    }

    [Fact]
    public async Task The_next_endpoint_takes_over_when_one_says_nothing_any_more()
    {
        using var frozen = new MuteServer();
        await using var server = await FakeServer.StartAsync(FakeSession.Grant);
        await using var client = server.Connect(options => options.Endpoints = [frozen.Address.ToString(), server.Address.ToString()]);
        Assert.True((await client.ReserveAsync(Acme, 1).Within()).IsGranted);
    }

    [Fact]
    public async Task Server_that_can_tell_nothing_is_left_for_another_with_the_same_id()
    {
        await using var cutOff = await FakeServer.StartAsync(command => FakeSession.Refuse(command, Refusal.Unavailable));
        await using var server = await FakeServer.StartAsync(FakeSession.Grant);
        await using var client = server.Connect(options => options.Endpoints = [cutOff.Address.ToString(), server.Address.ToString()]);
        var reservation = await client.ReserveAsync(Acme, 1).Within();
        Assert.True(reservation.IsGranted);
        var first = await (await cutOff.NextSessionAsync()).NextAsync();
        var last = await (await server.NextSessionAsync()).NextAsync();
        Assert.Equal(first.Reserve.OperationId, last.Reserve.OperationId);
    }

    [Fact]
    public async Task Server_that_can_tell_nothing_of_one_account_is_left_although_it_answers_for_others()
    {
        await using var cutOff = await FakeServer.StartAsync(command =>
            command.Reserve?.Account.Account == "acme" ? FakeSession.Refuse(command, Refusal.Unavailable) : FakeSession.Grant(command));
        await using var server = await FakeServer.StartAsync(FakeSession.Grant);
        await using var client = server.Connect(options => options.Endpoints = [cutOff.Address.ToString(), server.Address.ToString()]);
        var waiting = client.ReserveAsync(Acme, 1).AsTask();
        while (!waiting.IsCompleted) Assert.True((await client.ReserveAsync(new AccountName("other"), 1).Within()).IsGranted);
        Assert.True((await waiting).IsGranted);
    }

    [Fact]
    public async Task Busy_is_repeated_with_the_same_id()
    {
        var refusals = new Queue<Refusal>([Refusal.Busy, Refusal.Unavailable]);
        await using var server = await FakeServer.StartAsync(command =>
            refusals.TryDequeue(out var refusal) ? FakeSession.Refuse(command, refusal) : FakeSession.Grant(command));
        await using var client = server.Connect();
        var reservation = await client.ReserveAsync(Acme, 1).Within();
        var session = await server.NextSessionAsync();
        var commands = await session.NextAsync(3);
        Assert.True(reservation.IsGranted);
        Assert.All(commands, command => Assert.Equal(reservation.Id.ToWire(), command.Reserve.OperationId));
    }

    [Fact]
    public async Task Repeats_have_a_bound_for_each_call()
    {
        await using var server = await FakeServer.StartAsync(command => FakeSession.Refuse(command, Refusal.Busy, "queue full"));
        await using var client = server.Connect(options => options.MaxRetries = 2);
        var reservation = await client.ReserveAsync(Acme, 1).Within();
        Assert.Equal(Refusal.Busy, reservation.Refusal!.Reason);
        Assert.Equal("queue full", reservation.Refusal.Message);
        Assert.Equal(3, (await server.NextSessionAsync()).BatchSizes.Sum());
    }

    [Fact]
    public async Task Repeats_have_a_budget_over_all_calls()
    {
        await using var server = await FakeServer.StartAsync(command => FakeSession.Refuse(command, Refusal.Busy));
        await using var client = server.Connect(options => options.MaxRetries = 100);
        await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => client.ReserveAsync(Acme, 1).AsTask())).Within();
        Assert.Equal(300 + 100, (await server.NextSessionAsync()).BatchSizes.Sum());
    }

    [Fact]
    public async Task A_journal_out_of_reach_is_an_error_that_says_so()
    {
        await using var server = await FakeServer.StartAsync(command => FakeSession.Refuse(command, Refusal.Unavailable, "disk full."));
        await using var client = server.Connect(options => options.MaxRetries = 1);
        var failure = await Assert.ThrowsAsync<EnforcerException>(() => client.ReserveAsync(Acme, 1).AsTask().Within());
        Assert.Equal(GrpcStatus.Unavailable, failure.Code);
        Assert.True(failure.MayHaveTakenEffect);
        Assert.Contains("disk full", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_command_is_an_error_that_says_what_is_wrong()
    {
        await using var server = await FakeServer.StartAsync(command => FakeSession.Refuse(command, Refusal.Invalid, "account has an odd character"));
        await using var client = server.Connect();
        var failure = await Assert.ThrowsAsync<EnforcerException>(() => client.ReserveAsync(Acme, 1).AsTask().Within());
        Assert.Equal(GrpcStatus.InvalidArgument, failure.Code);
        Assert.Contains("odd character", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_than_the_bound_is_on_its_way_and_the_rest_waits_its_turn()
    {
        await using var server = await FakeServer.StartAsync();
        await using var client = server.Connect(options => options.MaxInFlight = 4);
        var calls = Enumerable.Range(0, 10).Select(_ => client.ReserveAsync(Acme, 1).AsTask()).ToList();
        var session = await server.NextSessionAsync();
        var first = await session.NextAsync(4);
        Assert.Equal(4, client.Session.InFlight);
        Assert.False(session.HasMore);
        await session.GrantAsync(first[0]);
        var next = await session.NextAsync();
        Assert.Equal(4, client.Session.InFlight);
        await session.AnswerAsync(first.Skip(1).Append(next).Select(FakeSession.Grant));
        foreach (var command in await session.NextAsync(4))
            await session.GrantAsync(command);
        await session.GrantAsync(await session.NextAsync());
        await Task.WhenAll(calls).Within();
    }

    [Fact]
    public async Task A_batch_larger_than_the_bound_is_accepted_as_answers_make_room()
    {
        await using var server = await FakeServer.StartAsync(FakeSession.Grant);
        await using var session = new EnforcerSession(server.Options(options => options.MaxInFlight = 16));
        var recorder = new Recorder();
        await session.SendAsync(Enumerable.Range(0, 1_000).Select(mark => Reserve(session, mark)).ToArray(), recorder).AsTask().Within();
        await Patience.UntilAsync(() => recorder.Count == 1_000, "all answers");
        Assert.Equal(1_000, recorder.Outcomes.Count);
    }

    [Fact]
    public async Task A_wrong_token_fails_every_call_at_once_and_names_the_option()
    {
        await using var server = await FakeServer.StartAsync();
        server.OnSession = _ => throw new GrpcStatusException(GrpcStatus.Unauthenticated, "unknown token");
        await using var client = server.Connect();
        var failure = await Assert.ThrowsAsync<EnforcerException>(() => client.ReserveAsync(Acme, 1).AsTask().Within());
        Assert.Equal(GrpcStatus.Unauthenticated, failure.Code);
        Assert.Contains("Set Token", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.MayHaveTakenEffect);
        Assert.DoesNotContain("enf_edge_test", failure.Message, StringComparison.Ordinal);

        server.OnSession = null;
        server.Script = FakeSession.Grant;
        Assert.True((await client.ReserveAsync(Acme, 1).Within()).IsGranted);
    }

    [Fact]
    public async Task A_token_revoked_meanwhile_leaves_open_whether_what_was_sent_before_took_effect()
    {
        await using var server = await FakeServer.StartAsync();
        await using var client = server.Connect();
        var call = client.ReserveAsync(Acme, 1).AsTask();
        var session = await server.NextSessionAsync();
        await session.NextAsync();
        server.OnSession = _ => throw new GrpcStatusException(GrpcStatus.Unauthenticated, "revoked token");
        session.Break();
        var failure = await Assert.ThrowsAsync<EnforcerException>(() => call.Within());
        Assert.Equal(GrpcStatus.Unauthenticated, failure.Code);
        Assert.True(failure.MayHaveTakenEffect);
    }

    [Fact]
    public async Task A_handler_that_throws_takes_nobody_elses_answer_with_it()
    {
        await using var server = await FakeServer.StartAsync(FakeSession.Grant);
        await using var client = server.Connect();
        await client.Session.SendAsync(new[] { Reserve(client.Session, 1) }, new ThrowingHandler());
        Assert.True((await client.ReserveAsync(Acme, 1).Within()).IsGranted);
        await server.NextSessionAsync();
    }

    private static SessionCommand Reserve(EnforcerSession session, long mark) => new()
    {
        Kind = SessionCommandKind.Reserve,
        OperationId = session.Ids.Next(),
        Account = Acme,
        AmountNanos = Math.Max(1, mark),
        Mark = mark,
    };

    private static async Task EndAsync(FakeSession session, Reservation reservation)
    {
        var ending = reservation.ReleaseAsync().AsTask();
        await session.GrantAsync(await session.NextAsync());
        Assert.True((await ending.Within()).IsGranted);
    }

    private sealed class ThrowingHandler : IOutcomeHandler
    {
        public void OnOutcome(long mark, in SessionOutcome outcome) => throw new InvalidOperationException("a handler must not throw");

        public void OnFailure(long mark, EnforcerException failure) => throw new InvalidOperationException("a handler must not throw");
    }
}
