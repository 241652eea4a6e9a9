using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using Enforcer.Server.Tests.Support;
using Google.Protobuf;
using Google.Rpc;

namespace Enforcer.Server.Tests;

/// <summary>What is no command gets an error or a refusal that names the field and the rule, and harms nothing else.</summary>
public sealed class BadInputTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer _server = shared.Server;

    public static TheoryData<string> Commands => [.. BadCommands.All.Keys];

    public static TheoryData<string, byte[]> Malformed => new()
    {
        { "a length past the end", [10, 200] },
        { "a number without end", [24, 0xFF, 0xFF] },
        { "a number of eleven bytes", [24, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1] },
        { "field number 0", [0, 0] },
        { "a group's end alone", [12] },
        { "wire type 7", [15] },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Unary_command_is_refused_by_field_and_rule(string what)
    {
        var (command, field) = BadCommands.All[what];
        var fault = await Assert.ThrowsAsync<GrpcStatusException>(() => _server.Edge.UnaryAsync(command).AsTask());
        Assert.Equal(GrpcStatus.InvalidArgument, fault.Code);
        var violation = Assert.Single(fault.Detail<BadRequest>()!.FieldViolations);
        Assert.Equal(field, violation.Field);
        Assert.Equal(fault.Message, violation.Description);
        Assert.Contains(';', violation.Description); // the fact; the way out
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Session_answers_INVALID_and_goes_on(string what)
    {
        var (command, field) = BadCommands.All[what];
        var key = await _server.CreateKeyAsync();
        var good = new Command { Reserve = EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), 1) };
        var outcomes = await _server.Edge.SessionAsync(command, good);
        Assert.Equal(Refusal.Invalid, outcomes[0].Refusal);
        Assert.StartsWith(field, outcomes[0].Detail.Message, StringComparison.Ordinal);
        Assert.Equal(Refusal.Granted, outcomes[1].Refusal);
    }

    [Fact]
    public async Task Top_up_beyond_the_highest_cap_is_told_in_the_accounts_unit()
    {
        var account = await _server.Operator.CreateAccountAsync(new CreateAccountRequest { Unit = "ACU", Limits = Caps.Life(Ledger.LedgerBounds.MaxCapNanos) });
        var refused = await Assert.ThrowsAsync<Client.EnforcerException>(
            () => _server.Operator.TopUpAsync(new TopUpRequest { Account = account.Account, AmountNanos = 2_500_000_000 }));
        var fault = Assert.IsType<GrpcStatusException>(refused.InnerException);
        Assert.Equal(GrpcStatus.FailedPrecondition, fault.Code);
        Assert.Equal("the cap would exceed the highest that can be set; top up less, by at least 2.5 ACU.", fault.Message);
    }

    [Theory]
    [InlineData("model")]
    [InlineData("tag")]
    public async Task Text_that_is_no_UTF_8_is_refused_alike_by_a_unary_call_and_a_session(string field)
    {
        const string Text = "no text";
        var reserve = EdgeCalls.ReserveOf(EdgeCalls.Id("acme"), 1);
        if (field == "model") reserve.Model = Text;
        else reserve.Tag = Text;
        using var raw = new RawEdge(_server);
        var (status, message) = await raw.SendAsync("Reserve", RawEdge.Frame(Spoilt(reserve)));
        Assert.Equal("3", status);
        Assert.StartsWith($"{field} is not UTF-8", message, StringComparison.Ordinal);

        var batch = Spoilt(new CommandBatch { Commands = { new Command { Number = 7, Reserve = reserve } } });
        using var session = _server.Edge.Duplex(EdgeCalls.Session);
        session.Writer.WriteFrame(batch.Length, batch, static (payload, bytes) =>
        {
            bytes.CopyTo(payload);
            return bytes.Length;
        });
        await session.CompleteAsync();
        var told = Assert.Single((await session.Reader.ReadAsync())!.Outcomes);
        Assert.Equal((7UL, Refusal.Invalid, message), (told.Number, told.Refusal, told.Detail.Message));

        static byte[] Spoilt(IMessage message)
        {
            var bytes = message.ToByteArray();
            bytes[bytes.AsSpan().IndexOf("no text"u8)] = 0xFF;
            return bytes;
        }
    }

    [Fact]
    public async Task Session_refuses_a_command_without_a_body()
    {
        var outcome = Assert.Single(await _server.Edge.SessionAsync(new Command()));
        Assert.Equal(Refusal.Invalid, outcome.Refusal);
        Assert.Contains("no body", outcome.Detail.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Malformed_protobuf_is_an_invalid_argument(string what, byte[] bytes)
    {
        using var raw = new RawEdge(_server);
        foreach (var method in new[] { "Reserve", "Extend", "Commit", "Release", "Get", "Session" })
        {
            var (status, message) = await raw.SendAsync(method, RawEdge.Frame(bytes));
            Assert.True(status == "3", $"{method}, {what}: {status} {message}");
            Assert.NotEqual("", message);
        }
        Assert.Equal(1, raw.Connections);
    }

    [Fact]
    public async Task Malformed_frame_ends_a_session_after_what_came_before_is_answered()
    {
        var key = await _server.CreateKeyAsync();
        using var session = _server.Edge.Duplex(EdgeCalls.Session);
        var good = new Command { Number = 7, Reserve = EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), 1) };
        session.Writer.Write(new CommandBatch { Commands = { good } });
        session.Writer.WriteFrame(2, 0, static (payload, _) =>
        {
            payload[0] = 10;
            payload[1] = 200;
            return 2;
        });
        await session.Writer.FlushAsync();
        var told = await session.Reader.ReadAsync();
        Assert.Equal((7UL, Refusal.Granted), (told!.Outcomes[0].Number, told.Outcomes[0].Refusal));
        var fault = await Assert.ThrowsAsync<GrpcStatusException>(() => session.Reader.ReadAsync().AsTask());
        Assert.Equal(GrpcStatus.InvalidArgument, fault.Code);
    }

    [Fact]
    public async Task Message_over_the_bound_is_refused_and_the_connection_lives_on()
    {
        using var raw = new RawEdge(_server);
        var (status, message) = await raw.SendAsync("Reserve", RawEdge.Frame(new byte[64 * 1024 + 1]));
        Assert.Equal("8", status);
        Assert.Contains("65536", message, StringComparison.Ordinal);

        (status, _) = await raw.SendAsync("Session", RawEdge.FrameOf(4 * 1024 * 1024 + 1, new byte[100_000]));
        Assert.Equal("8", status);

        var longCommand = new Command { Reserve = new ReserveRequest { Model = new string('m', 64 * 1024) } };
        (status, message) = await raw.SendAsync("Session", RawEdge.Frame(new CommandBatch { Commands = { longCommand } }));
        Assert.Equal("8", status);
        Assert.Contains("65536", message, StringComparison.Ordinal);

        var key = await _server.CreateKeyAsync();
        (status, _) = await raw.SendAsync("Reserve", RawEdge.Frame(EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), 1)));
        Assert.Equal("0", status);
        Assert.Equal(1, raw.Connections);
    }

    [Fact]
    public async Task Unknown_enums_are_invalid_and_named()
    {
        var account = (await _server.CreateKeyAsync()).Key.Account;
        var window = new SetLimitsRequest { Account = account, Limits = Caps.Life(1) };
        window.Limits.Spend[0].Window = (SpendWindow)99;
        await AssertInvalid("limits.spend[0].window", () => _server.Admin.UnaryAsync(OperatorCalls.SetLimits, window).AsTask());

        var policy = new SetLimitsRequest { Account = account, Limits = new Limits { OnExpiry = (ExpiryPolicy)300 } };
        await AssertInvalid("limits.on_expiry", () => _server.Admin.UnaryAsync(OperatorCalls.SetLimits, policy).AsTask());

        var role = new CreateTokenRequest { Role = (Role)77 };
        await AssertInvalid("role", () => _server.Admin.UnaryAsync(OperatorCalls.CreateToken, role).AsTask());

        var kinds = new QueryLedgerRequest { Account = account, Kinds = { (EntryKind)300 } };
        await AssertInvalid("kinds", async () =>
        {
            await foreach (var _ in _server.Admin.ServerStream(OperatorCalls.QueryLedger, kinds)) Assert.Fail("An entry of an unknown kind.");
        });
    }

    [Fact]
    public async Task Unknown_account_and_wrong_key_are_told_in_the_same_words()
    {
        var revoked = await _server.CreateKeyAsync();
        await _server.Operator.RevokeKeyAsync(new RevokeKeyRequest { KeyId = revoked.Key.KeyId });
        AccountRef[] wrong = [EdgeCalls.Id("nobody"), EdgeCalls.Key("enf_live_nonsense"), EdgeCalls.Key("ö d d\n"), EdgeCalls.Key(revoked.Secret)];
        foreach (var account in wrong)
        {
            var command = new Command { Reserve = EdgeCalls.ReserveOf(account, 1) };
            var unary = await _server.Edge.UnaryAsync(command);
            var told = Assert.Single(await _server.Edge.SessionAsync(command));
            Assert.Equal((Refusal.UnknownAccount, RefusedWords), (unary.Refusal, unary.Detail.Message));
            Assert.Equal((Refusal.UnknownAccount, RefusedWords), (told.Refusal, told.Detail.Message));
            Assert.Equal("", unary.Detail.Account);
        }
    }

    [Fact]
    public async Task Suspended_and_closed_accounts_are_refused_by_name()
    {
        var key = await _server.CreateKeyAsync();
        var change = new ChangeRequest { Account = key.Key.Account, Reason = "test" };
        foreach (var (act, refusal) in new (Func<ChangeRequest, CancellationToken, Task<ChangeResponse>>, Refusal)[]
        {
            (_server.Operator.SuspendAsync, Refusal.Suspended),
            (_server.Operator.CloseAsync, Refusal.Closed),
        })
        {
            await act(new ChangeRequest(change), default);
            var command = new Command { Reserve = EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), 1) };
            Assert.Equal(refusal, (await _server.Edge.UnaryAsync(command)).Refusal);
            Assert.Equal(refusal, Assert.Single(await _server.Edge.SessionAsync(command)).Refusal);
        }
    }

    [Fact]
    public async Task Unknown_reservation_is_not_found()
    {
        var key = await _server.CreateKeyAsync();
        var commit = new Command { Commit = EdgeCalls.CommitOf(EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), 1), 1) };
        await AssertNotFound("UNKNOWN_RESERVATION", commit);
        Assert.Equal(Refusal.UnknownReservation, Assert.Single(await _server.Edge.SessionAsync(commit)).Refusal);
    }

    [Fact]
    public async Task Finished_reservation_is_not_found_but_a_known_operation_gets_its_answer()
    {
        var key = await _server.CreateKeyAsync();
        var reserve = EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), 10);
        var commit = new Command { Commit = EdgeCalls.CommitOf(reserve, 4) };
        var granted = await _server.Edge.UnaryAsync(EdgeCalls.Reserve, reserve);
        var settled = await _server.Edge.UnaryAsync(commit);

        var again = new Command { Commit = EdgeCalls.CommitOf(reserve, 4) };
        await AssertNotFound("RESERVATION_FINISHED", again);
        Assert.Equal(Refusal.ReservationFinished, Assert.Single(await _server.Edge.SessionAsync(again)).Refusal);

        Assert.Equal(settled, await _server.Edge.UnaryAsync(commit));
        Assert.Equal(granted, await _server.Edge.UnaryAsync(EdgeCalls.Reserve, reserve));
        Assert.Equal(new Outcome(settled) { Number = 1 }, Assert.Single(await _server.Edge.SessionAsync(commit)));
    }

    private const string RefusedWords = "There is no such account, or the key is not in force; check the id, or ask the operator for a key.";

    private static async Task AssertInvalid(string field, Func<Task> call)
    {
        var fault = await Assert.ThrowsAsync<GrpcStatusException>(call);
        Assert.Equal(GrpcStatus.InvalidArgument, fault.Code);
        Assert.Equal(field, Assert.Single(fault.Detail<BadRequest>()!.FieldViolations).Field);
    }

    private async Task AssertNotFound(string reason, Command command)
    {
        var fault = await Assert.ThrowsAsync<GrpcStatusException>(() => _server.Edge.UnaryAsync(command).AsTask());
        Assert.Equal(GrpcStatus.NotFound, fault.Code);
        Assert.Equal(reason, fault.Detail<ErrorInfo>()!.Reason);
    }
}
