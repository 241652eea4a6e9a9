using Enforcer.Journal;
using Enforcer.Ledger;
using Enforcer.Ledger.Commands;

namespace Enforcer.Host.Tests;

/// <summary>SPEC 5.2: durable before told.</summary>
public sealed class DurabilityTests
{
    [Fact]
    public async Task No_answer_leaves_before_its_batch_is_durable()
    {
        await using var test = await TestHost.StartAsync();
        await test.OpenAsync(1, 100);
        var disk = new TaskCompletionSource();
        test.Store.BeforeAppend = async _ => { await disk.Task; return null; };

        var answer = test.Do(1, test.Reserve(60));
        await Task.Delay(50);
        Assert.False(answer.IsCompleted);

        disk.SetResult();
        Assert.Equal(40, (await answer).HeadroomNanos);
    }

    [Fact]
    public async Task Later_commands_are_decided_while_earlier_ones_wait_for_the_disk_and_refusals_wait_too()
    {
        await using var test = await TestHost.StartAsync();
        await test.OpenAsync(1, 100);
        var disk = new TaskCompletionSource();
        test.Store.BeforeAppend = async _ => { await disk.Task; return null; };

        var first = test.Host.Start(1, test.Reserve(60));
        var second = test.Host.Start(1, test.Reserve(60));
        Assert.True(first.Outcome.IsGranted);
        Assert.Equal(Refusal.ExceedsSpendCapInFlight, second.Outcome.Refusal);
        var told = test.Host.WhenDurableAsync(second.Ticket).AsTask();
        await Task.Delay(50);
        Assert.False(told.IsCompleted);

        disk.SetResult();
        await told.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Reads_wait_for_what_they_show()
    {
        await using var test = await TestHost.StartAsync();
        await test.OpenAsync(1, 100);
        var disk = new TaskCompletionSource();
        test.Store.BeforeAppend = async _ => { await disk.Task; return null; };
        var reserving = test.Do(1, test.Reserve(60));
        var reading = test.Host.ReadAsync(1);
        await Task.Delay(50);
        Assert.False(reading.IsCompleted);

        disk.SetResult();
        Assert.Equal(60, (await reading).HeldNanos);
        await reserving;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_lost_batch_the_account_is_read_again_and_a_repeat_gets_its_true_answer(bool wasWritten)
    {
        await using var test = await TestHost.StartAsync();
        await test.OpenAsync(1, 100);
        var reserve = test.Reserve(60);
        test.Store.BeforeAppend = async batch =>
        {
            test.Store.BeforeAppend = null;
            if (wasWritten) await test.Store.AppendAsync(batch);
            return AppendResult.Unknown(new IOException("the connection broke"));
        };
        await Assert.ThrowsAsync<JournalLostException>(() => test.Do(1, reserve));

        var repeated = await Repeat(test, reserve);
        Assert.Equal(Refusal.Granted, repeated.Refusal);
        Assert.Equal(40, repeated.HeadroomNanos);
        Assert.Equal(60, (await test.Host.ReadAsync(1)).HeldNanos);
    }

    [Fact]
    public async Task A_full_disk_changes_nothing_and_recovers_by_itself()
    {
        await using var test = await TestHost.StartAsync();
        await test.OpenAsync(1, 100);
        var isFull = true;
        test.Store.BeforeAppend = _ => new ValueTask<AppendResult?>(isFull ? AppendResult.Full(new IOException("no room")) : null);
        var reserve = test.Reserve(60);
        await Assert.ThrowsAsync<JournalLostException>(() => test.Do(1, reserve));

        isFull = false;
        Assert.Equal(40, (await Repeat(test, reserve)).HeadroomNanos);
    }

    [Fact]
    public async Task Everything_answered_is_there_after_a_kill()
    {
        var journal = new Enforcer.Journal.Memory.MemoryJournal();
        var clock = new TestClock();
        Command[] commands;
        var before = await TestHost.StartAsync(journal, clock);
        await before.OpenAsync(1, 1_000);
        commands = [.. Enumerable.Range(0, 30).Select(_ => before.Reserve(10))];
        var answers = await Task.WhenAll(commands.Select(command => before.Do(1, command)));
        before.Kill();

        await using var after = await TestHost.StartAsync(journal, clock, seed: 77);
        for (var i = 0; i < commands.Length; i++) Assert.Equal(answers[i], await after.Do(1, commands[i]));
        Assert.Equal(300, (await after.Host.ReadAsync(1)).HeldNanos);
        await before.DisposeAsync();
    }

    /// <summary>What a caller does: tries again with the same operation id until it gets an answer.</summary>
    private static async Task<Outcome> Repeat(TestHost test, Command command)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var outcome = await test.Do(1, command);
                if (outcome.Refusal is not (Refusal.Busy or Refusal.Unavailable)) return outcome;
            }
            catch (Exception error) when (error is JournalLostException or JournalUnavailableException && attempt < 500)
            {
            }
            await Task.Delay(5);
        }
    }
}
