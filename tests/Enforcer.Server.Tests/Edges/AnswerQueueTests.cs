using Enforcer.Host;
using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;
using Enforcer.Server.Edges.Sessions;
using Enforcer.Server.Refusals;
using Enforcer.Testing;

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

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public void Answers_of_other_nodes_join_the_batch_that_their_commands_were_read_with(int answersHere)
    {
        var queue = new AnswerQueue(100, new ManualClock());
        var late = LateOf(queue);
        queue.Put(Filled(queue, answersHere, promised: 2), late);
        Take(late, 8);
        Assert.False(queue.TryTake(out _));
        Take(late, 9);
        Assert.True(queue.TryTake(out var whole));
        Assert.Equal(answersHere + 2, whole.Count);
        Assert.False(queue.TryTake(out _));
    }

    [Fact]
    public void Answer_that_comes_before_its_batch_was_put_in_is_not_waited_for()
    {
        var queue = new AnswerQueue(100, new ManualClock());
        var late = LateOf(queue);
        Take(late, 9);
        queue.Put(Filled(queue, 1, promised: 1), late);
        Assert.True(queue.TryTake(out var early));
        Assert.True(queue.TryTake(out var rest));
        Assert.Equal((1, 1), (early.Count, rest.Count));
    }

    [Fact]
    public async Task Batch_waits_for_other_nodes_no_longer_than_it_may()
    {
        var clock = new ManualClock();
        var queue = new AnswerQueue(100, clock);
        var late = LateOf(queue);
        queue.Put(Filled(queue, 2, promised: 1), late);
        var next = queue.WaitToTakeAsync().AsTask();
        clock.Advance(AnswerQueue.MostWait - TimeSpan.FromMilliseconds(1));
        Assert.False(next.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.True(queue.TryTake(out var here));
        Assert.Equal(2, here.Count);
        queue.Return(here);
        Take(late, 9);
        Assert.True(queue.TryTake(out var rest));
        Assert.Equal(1, rest.Count);
        queue.Return(rest);
        queue.End();
        Assert.False(await queue.WaitToTakeAsync());
    }

    [Fact]
    public void Batch_has_room_for_all_that_was_promised_to_it()
    {
        var queue = new AnswerQueue(1_000, new ManualClock());
        var late = LateOf(queue);
        var batch = Filled(queue, 1, promised: AnswerBatch.MaxAnswers - 1);
        Assert.True(batch.IsFull);
        queue.Put(batch, late);
        for (var i = 1; i < AnswerBatch.MaxAnswers; i++) Take(late, (ulong)i);
        Assert.True(queue.TryTake(out var whole));
        Assert.Equal(AnswerBatch.MaxAnswers, whole.Count);
    }

    private static LateAnswers LateOf(AnswerQueue queue) => new(new RefusalTrace(), queue, TimeProvider.System);

    private static void Take(LateAnswers late, ulong number) =>
        late.Take(number, new AccountTarget(1, "acme"), new Command { Kind = CommandKind.Reserve }, new Execution(Granted, default));

    private static AnswerBatch Filled(AnswerQueue queue, int answers, int promised = 0)
    {
        var batch = queue.Rent();
        for (var i = 0; i < promised; i++) batch.Promise();
        for (var i = 0; i < answers; i++) batch.Add((ulong)i, CommandKind.Reserve, Granted, default, "acme");
        return batch;
    }
}
