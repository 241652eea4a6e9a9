using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Server.Edges.Sessions;

namespace Enforcer.Server.Tests.Edges;

public sealed class AnswerQueueTests
{
    private static readonly Outcome Granted = new() { HeadroomNanos = Outcome.NoCap };

    [Fact]
    public void Batches_come_out_in_the_order_in_which_they_went_in()
    {
        var queue = new AnswerQueue(100, TimeProvider.System);
        var (first, second) = (Filled(queue, 1), Filled(queue, 2));
        queue.Put(first);
        queue.Put(second);
        Assert.True(queue.TryTake(out var taken));
        Assert.Same(first, taken);
        Assert.True(queue.TryTake(out taken));
        Assert.Same(second, taken);
        Assert.False(queue.TryTake(out _));
    }

    [Fact]
    public void Reader_waits_while_too_many_are_in_flight_and_goes_on_when_half_are_answered()
    {
        var queue = new AnswerQueue(4, TimeProvider.System);
        queue.Put(Filled(queue, 2));
        Assert.True(queue.WhenRoomAsync().AsTask().IsCompletedSuccessfully);
        queue.Put(Filled(queue, 1));
        queue.Promise();
        var room = queue.WhenRoomAsync().AsTask();
        Assert.False(room.IsCompleted);
        Assert.True(queue.TryTake(out var taken));
        queue.Return(taken);
        Assert.True(room.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Queue_ends_when_all_that_was_promised_is_told()
    {
        var queue = new AnswerQueue(4, TimeProvider.System);
        queue.Promise();
        queue.End();
        var next = queue.WaitToTakeAsync().AsTask();
        Assert.False(next.IsCompleted);
        queue.Put(7, CommandKind.Reserve, Granted, default, "acme");
        Assert.True(await next);
        Assert.True(queue.TryTake(out var late));
        queue.Return(late);
        Assert.False(await queue.WaitToTakeAsync());
    }

    [Fact]
    public void Late_answers_gather_until_they_are_taken()
    {
        var queue = new AnswerQueue(100, TimeProvider.System);
        for (var i = 0; i < 4; i++) queue.Promise();
        queue.Put(1, CommandKind.Reserve, Granted, new AppendTicket(5, 0), "acme");
        queue.Put(2, CommandKind.Reserve, Granted, new AppendTicket(6, 0), "acme");
        Assert.True(queue.TryTake(out var both));
        Assert.Equal((2, new AppendTicket(6, 0)), (both.Count, both.Ticket));
        queue.Put(3, CommandKind.Reserve, Granted, new AppendTicket(7, 0), "acme");
        // A ticket of another generation cannot be waited for by the same wait.
        queue.Put(4, CommandKind.Reserve, Granted, new AppendTicket(7, 1), "acme");
        Assert.True(queue.TryTake(out var third));
        Assert.True(queue.TryTake(out var fourth));
        Assert.Equal((1, 1), (third.Count, fourth.Count));
    }

    [Fact]
    public async Task Broken_stream_is_told_to_the_reader()
    {
        var queue = new AnswerQueue(1, TimeProvider.System);
        queue.Put(Filled(queue, 1));
        var room = queue.WhenRoomAsync().AsTask();
        queue.Fail(new IOException("gone"));
        await Assert.ThrowsAsync<IOException>(() => room);
        await Assert.ThrowsAsync<IOException>(() => queue.WhenRoomAsync().AsTask());
    }

    private static AnswerBatch Filled(AnswerQueue queue, int answers)
    {
        var batch = queue.Rent();
        for (var i = 0; i < answers; i++) batch.Add((ulong)i, CommandKind.Reserve, Granted, default, "acme");
        return batch;
    }
}
