using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Server.Refusals;
using Enforcer.Server.Tests.Support;
using V1 = Enforcer.Protocol.V1;

namespace Enforcer.Server.Tests;

/// <summary>Refusals make no entry; each node can explain its latest ones from memory.</summary>
public sealed class RefusalTraceTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer _server = shared.Server;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refusal_is_explained_with_the_limit_its_values_and_the_way_out(bool inSession)
    {
        var key = await _server.CreateKeyAsync(1_000);
        await _server.Edge.UnaryAsync(EdgeCalls.Reserve, EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), 400));
        var request = EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), 5_000);
        (request.Model, request.Tag) = ("m1", "night");
        var command = new V1.Command { Reserve = request };
        var outcome = inSession ? (await _server.Edge.SessionAsync(command))[0] : await _server.Edge.UnaryAsync(command);
        Assert.Equal(V1.Refusal.ExceedsSpendCap, outcome.Refusal);

        var told = await _server.Operator.ExplainAsync(new V1.ExplainRequest { OperationId = request.OperationId });
        Assert.Null(told.Entry);
        var refused = told.Refused;
        Assert.Equal((key.Key.Account, "reserve", 5_000L, "m1", "night"), (refused.Account, refused.Command, refused.AmountNanos, refused.Model, refused.Tag));
        Assert.Equal((outcome.Refusal, outcome.Detail), (refused.Outcome.Refusal, refused.Outcome.Detail));
        Assert.Equal(
            [
                "Refused: ExceedsSpendCap (life).",
                "It needed $0.000005 of headroom and there was $0.0000006: $0.0000044 was missing, and open reservations held $0.0000004 of that.",
                "A spend cap has less headroom than asked for; ask for less, or have the cap raised.",
                "Nothing was held or booked, so it is in no journal: this node remembers its latest refusals in memory alone.",
            ],
            told.Reasons);
    }

    [Fact]
    public async Task What_was_granted_in_the_end_is_explained_by_its_entry()
    {
        var key = await _server.CreateKeyAsync(1_000);
        var request = EdgeCalls.ReserveOf(EdgeCalls.Key(key.Secret), 5_000);
        Assert.Equal(V1.Refusal.ExceedsSpendCap, (await _server.Edge.UnaryAsync(EdgeCalls.Reserve, request)).Refusal);
        await _server.Operator.SetLimitsAsync(new V1.SetLimitsRequest { Account = key.Key.Account, Limits = Caps.Life(10_000) });
        Assert.Equal(V1.Refusal.Granted, (await _server.Edge.UnaryAsync(EdgeCalls.Reserve, request)).Refusal);
        var told = await _server.Operator.ExplainAsync(new V1.ExplainRequest { OperationId = request.OperationId });
        Assert.Null(told.Refused);
        Assert.Equal(5_000, told.Entry.HeldChangeNanos);
    }

    [Fact]
    public async Task What_nobody_remembers_is_said_so()
    {
        var fault = await Assert.ThrowsAsync<Client.EnforcerException>(
            () => _server.Operator.ExplainAsync(new V1.ExplainRequest { OperationId = EdgeCalls.NewId() }));
        Assert.Contains($"is not among the last {RefusalTrace.Bound} refusals of this node", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_oldest_make_place_and_nothing_is_allocated()
    {
        var trace = new RefusalTrace();
        var refusal = Outcome.Refuse(Refusal.RequestRate, 7);
        Note(1, 20_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Note(20_001, 40_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.False(trace.TryFind(IdOf(40_000 - RefusalTrace.Bound), out _));
        Assert.True(trace.TryFind(IdOf(40_001 - RefusalTrace.Bound), out var kept));
        Assert.Equal((40_001L - RefusalTrace.Bound, "acme", Refusal.RequestRate), (kept.AtMs, kept.Account, kept.Outcome.Refusal));

        void Note(int from, int to)
        {
            for (var i = from; i <= to; i++) trace.Note(new AskedOperation(IdOf(i), CommandKind.Reserve, 1, 2, null, null), i, "acme", refusal);
        }

        static OperationId IdOf(int number) => OperationId.NewV7(1_772_452_800_000, 0, (ulong)number);
    }

    [Fact]
    public void What_may_have_taken_effect_is_no_refusal()
    {
        var trace = new RefusalTrace();
        var id = OperationId.NewV7(1_772_452_800_000, 0, 1);
        trace.Note(new AskedOperation(id, CommandKind.Reserve, 1, 2, null, null), 1, "acme", Outcome.Refuse(Refusal.Unavailable, 0));
        Assert.False(trace.TryFind(id, out _));
    }
}
