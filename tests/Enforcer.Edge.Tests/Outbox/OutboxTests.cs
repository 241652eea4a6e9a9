using Enforcer.Edge.Outbox;
using Enforcer.Edge.Spending;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enforcer.Edge.Tests.Outbox;

/// <summary>What the outbox has on disk is there after a kill: a test kills by leaving an outbox as it is and reading its file elsewhere.</summary>
public sealed class OutboxTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enforcer-outbox-").FullName;

    private string LogFile => Path.Combine(_folder, "outbox.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_call_is_on_disk_before_its_answer_is_seen()
    {
        var call = Worst(1);
        await using var outbox = Open(_folder);
        await outbox.Begin(call);
        Assert.Equal([call.ReservationId], await AfterAKillAsync());
    }

    [Fact]
    public async Task What_it_really_used_takes_the_place_of_the_worst()
    {
        var worst = Worst(1);
        await using (var outbox = Open(_folder))
        {
            await outbox.Begin(worst);
            outbox.Keep(worst with { Usage = new Dictionary<string, long> { ["output"] = 7 }, IsEstimated = false });
        }
        await using var again = Open(_folder);
        var due = Assert.Single(again.Due());
        Assert.Equal((7, false, worst.OperationId), (due.Usage["output"], due.IsEstimated, due.OperationId));
    }

    [Fact]
    public async Task What_is_booked_is_forgotten()
    {
        await using (var outbox = Open(_folder))
        {
            await outbox.Begin(Worst(1));
            await outbox.Begin(Worst(2));
            outbox.Close(Worst(1).ReservationId);
        }
        await using var again = Open(_folder);
        Assert.Equal([Worst(2).ReservationId], again.Due().Select(call => call.ReservationId));
    }

    [Fact]
    public async Task A_call_that_runs_is_not_due()
    {
        await using var outbox = Open(_folder);
        await outbox.Begin(Worst(1));
        Assert.Empty(outbox.Due());
        outbox.Defer(Worst(1).ReservationId);
        Assert.Single(outbox.Due());
    }

    [Fact]
    public async Task A_line_that_a_kill_left_half_written_is_no_record()
    {
        await using (var outbox = Open(_folder))
            await outbox.Begin(Worst(1));
        var whole = await File.ReadAllBytesAsync(LogFile);
        for (var length = 0; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(LogFile, [.. whole, .. whole[..length]]);
            await using var again = Open(_folder);
            Assert.Single(again.Due());
        }
    }

    [Fact]
    public async Task A_damaged_line_in_the_middle_is_told()
    {
        await using (var outbox = Open(_folder))
        {
            await outbox.Begin(Worst(1));
            await outbox.Begin(Worst(2));
        }
        var bytes = await File.ReadAllBytesAsync(LogFile);
        bytes[30] ^= 1;
        await File.WriteAllBytesAsync(LogFile, bytes);
        var damage = Assert.Throws<OutboxException>(() => Open(_folder));
        Assert.Contains("line 1", damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_edges_never_share_one()
    {
        await using var outbox = Open(_folder);
        Assert.Contains("another edge", Assert.Throws<OutboxException>(() => Open(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_bounded()
    {
        await using var outbox = Open(_folder, mostCalls: 2);
        Assert.True(outbox.TryEnter());
        Assert.True(outbox.TryEnter());
        Assert.False(outbox.TryEnter());
        await outbox.Begin(Worst(1));
        outbox.Close(Worst(1).ReservationId);
        await outbox.Begin(Worst(2));
        Assert.True(outbox.TryEnter());
    }

    [Fact]
    public async Task So_is_what_waits_for_its_disk_also_when_its_calls_have_gone()
    {
        const int Most = 4;
        await using var outbox = CallOutbox.Open(_folder, Most, NullLogger.Instance);
        var waiting = new List<Task<bool>>();
        for (var i = 0; i < 5_000; i++)
        {
            var call = Worst(i);
            Assert.True(outbox.TryEnter());
            try
            {
                waiting.Add(outbox.Begin(call));
            }
            catch (IOException full)
            {
                Assert.Contains($"{Most} calls wait", full.Message, StringComparison.Ordinal);
            }
            outbox.Close(call.ReservationId);
            waiting.RemoveAll(static one => one.IsCompleted);
            // As many as wait, and as many as share the fsync that runs.
            Assert.InRange(waiting.Count, 0, 2 * Most);
        }
        Assert.All(await Task.WhenAll(waiting), Assert.True);
        Assert.Equal(0, outbox.Count);
    }

    [Fact]
    public async Task Its_file_does_not_grow_with_what_is_over()
    {
        var lengthy = Worst(0) with { ServedModel = new string('m', 100_000) };
        await using (var outbox = Open(_folder))
        {
            await outbox.Begin(Worst(1));
            for (var i = 0; i < 300; i++)
            {
                await outbox.Begin(lengthy);
                outbox.Close(lengthy.ReservationId);
            }
        }
        Assert.InRange(new FileInfo(LogFile).Length, 1, 20_000_000);
        await using var again = Open(_folder);
        Assert.Equal([Worst(1).ReservationId], again.Due().Select(call => call.ReservationId));
    }

    [Fact]
    public async Task What_is_over_is_written_with_the_next_line_or_when_things_are_quiet()
    {
        await using var outbox = Open(_folder);
        Assert.True(outbox.TryEnter());
        await outbox.Begin(Worst(1));
        outbox.Close(Worst(1).ReservationId);
        Assert.Equal(0, outbox.Count);
        // A kill in between: the call is settled once more, which takes no effect.
        Assert.Equal([Worst(1).ReservationId], await AfterAKillAsync());
        outbox.Tidy();
        Assert.Empty(await AfterAKillAsync());
    }

    [Fact]
    public async Task Calls_go_on_while_its_file_is_made_shorter()
    {
        const int Callers = 4, Calls = 200;
        await using (var outbox = Open(_folder))
        {
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
            {
                for (var i = 0; i < Calls; i++)
                {
                    var call = Worst((caller * Calls) + i) with { ServedModel = new string('m', 50_000) };
                    Assert.True(await outbox.Begin(call));
                    outbox.Keep(call with { ServedModel = "" });
                    // Every tenth stays open.
                    if (i % 10 != 0)
                        outbox.Close(call.ReservationId);
                }
            })));
        }
        Assert.InRange(new FileInfo(LogFile).Length, 1, 20_000_000);
        await using var again = Open(_folder);
        var expected = Enumerable.Range(0, Callers * Calls).Where(number => number % Calls % 10 == 0).Select(number => Worst(number).ReservationId);
        Assert.Equal(expected.Order(), again.Due().Select(call => call.ReservationId).Order());
        Assert.All(again.Due(), call => Assert.Equal("", call.ServedModel));
    }

    private static CallOutbox Open(string folder, int mostCalls = 1_000) => CallOutbox.Open(folder, mostCalls, NullLogger.Instance);

    private static Settlement Worst(int number) => new()
    {
        ReservationId = new Guid(number, 1, 1, new byte[8]),
        OperationId = new Guid(number, 2, 2, new byte[8]),
        Account = "acme",
        IsEstimated = true,
        HeldNanos = 1_000,
        Usage = new Dictionary<string, long> { ["input"] = 10, ["output"] = 100 },
    };

    private async Task<IEnumerable<Guid>> AfterAKillAsync()
    {
        var elsewhere = Directory.CreateTempSubdirectory("enforcer-outbox-");
        File.Copy(LogFile, Path.Combine(elsewhere.FullName, "outbox.log"));
        await using (var outbox = Open(elsewhere.FullName))
        {
            var due = outbox.Due().Select(call => call.ReservationId).ToList();
            await outbox.DisposeAsync();
            elsewhere.Delete(recursive: true);
            return due;
        }
    }
}
