using Enforcer.Host.Activations;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;

namespace Enforcer.Host.Tests;

/// <summary>One walk back serves as many waiting commands as speak of different things, and each gets what it would have got alone.</summary>
public sealed class HistoryWalkTests
{
    private const long ToleranceMs = 5_000;
    private ulong _random;

    [Fact]
    public void One_walk_serves_all_that_speak_of_different_operations_and_goes_back_to_the_oldest()
    {
        var (young, old, late) = (Reserve(90_000), Reserve(30_000), Commit(80_000, of: Id(20_000)));
        var walk = HistoryWalk.ForFirstOf(new Queue<ParkedCommand>([young, old, late]), ToleranceMs);
        Assert.Equal([young, old, late], walk.Commands);
        Assert.Equal(20_000 - ToleranceMs, walk.SinceMs);
    }

    [Fact]
    public void It_ends_before_one_whose_operation_or_reservation_was_spoken_of()
    {
        var reserve = Reserve(10_000);
        var other = Reserve(11_000);
        var commit = Commit(12_000, reserve.Command.OperationId);
        ParkedCommand[][] waiting = [[reserve, reserve, other], [reserve, commit, other], [commit, reserve, other], [commit, Commit(13_000, reserve.Command.OperationId), other]];
        Assert.All(waiting, all => Assert.Equal([all[0]], HistoryWalk.ForFirstOf(new Queue<ParkedCommand>(all), ToleranceMs).Commands));
    }

    [Fact]
    public async Task All_that_are_sent_again_at_once_get_their_first_answers_and_have_no_second_effect()
    {
        var journal = new Enforcer.Journal.Memory.MemoryJournal();
        var clock = new TestClock();
        var sent = new List<(Command Command, Outcome Answer)>();
        await using (var before = await TestHost.StartAsync(journal, clock))
        {
            await before.OpenAsync(1, 1_000_000);
            for (var i = 0; i < 100; i++)
            {
                var reserve = before.Reserve(10 + i);
                sent.Add((reserve, await before.Do(1, reserve)));
                clock.Advance(100);
                if (i % 3 == 0) continue;
                var end = i % 3 == 1 ? before.Commit(reserve.OperationId, 5 + i) : before.Release(reserve.OperationId);
                sent.Add((end, await before.Do(1, end)));
            }
        }
        await using var after = await TestHost.StartAsync(journal, clock, seed: 99);
        var reading = await after.Host.ReadAsync(1);
        var fresh = Enumerable.Range(0, 20).Select(_ => after.Reserve(1)).ToList();
        // Twice each, old and new ones mixed, those that end a reservation before it and after it.
        var again = sent.Select(one => one.Command).Concat(fresh).Concat(sent.Select(one => one.Command)).Concat(fresh).OrderBy(one => one.OperationId.Low).ToList();
        var answers = await Task.WhenAll(again.Select(one => after.Do(1, one)));
        foreach (var (command, answer) in again.Zip(answers))
        {
            var first = sent.Find(one => one.Command.OperationId == command.OperationId);
            if (first.Answer.Seq > 0) Assert.Equal(first.Answer, answer);
            else Assert.True(answer.IsGranted, answer.ToString());
        }
        Assert.Equal(reading.HeldNanos + fresh.Count, (await after.Host.ReadAsync(1)).HeldNanos);
        Assert.Equal(reading.CommittedNanos, (await after.Host.ReadAsync(1)).CommittedNanos);
    }

    private OperationId Id(long atMs) => OperationId.NewV7(atMs, ++_random, ++_random);

    private ParkedCommand Reserve(long atMs) => Parked(new Command { Kind = CommandKind.Reserve, OperationId = Id(atMs), AmountNanos = 1 });

    private ParkedCommand Commit(long atMs, OperationId of) =>
        Parked(new Command { Kind = CommandKind.Commit, OperationId = Id(atMs), ReservationId = of, AmountNanos = 1, Final = true });

    private static ParkedCommand Parked(in Command command) => new(command, long.MaxValue, new HostOptions().Work);
}
