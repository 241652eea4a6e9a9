using Enforcer.Cli.Tests.Support;

namespace Enforcer.Cli.Tests.Commands;

/// <summary>
/// A failed fsync ends the process, whichever file it hits and whether or not anybody is waiting; what was answered before is there at the
/// next start.
/// </summary>
public sealed class FailedSyncTests : IDisposable
{
    public FailedSyncTests() => FaultyDisk.Install();

    public void Dispose() => FaultyDisk.Mend();

    [Fact]
    public async Task In_the_journal_while_a_command_is_written()
    {
        await using var served = await Served.StartAsync("--login");
        var key = await served.KeyAsync("acme");
        (await served.Cli.RunAsync("try", key, "--amount", "1", "--commit", "1")).Succeeded();

        FaultyDisk.FailSyncsOf(Path.Combine(served.Data, "journal.db-wal"));
        var trying = served.Cli.RunAsync("try", key, "--amount", "2", "--commit", "2");
        await EndsAsync(served, "journal.db");
        // The SDK has asked again meanwhile, with the same operation id.
        (await trying).Succeeded();
        await IsThereAsync(served, "acme", "$2.00 headroom");
        await CommittedAsync(served, key);
    }

    [Fact]
    public async Task In_the_journal_while_nobody_writes_a_command()
    {
        await using var served = await Served.StartAsync("--login");
        var key = await served.KeyAsync("acme");
        (await served.Cli.RunAsync("try", key, "--amount", "1", "--commit", "1")).Succeeded();

        // Heads follow behind by themselves.
        FaultyDisk.FailSyncsOf(Path.Combine(served.Data, "journal.db-wal"));
        await EndsAsync(served, "journal.db");
        await IsThereAsync(served, "acme", "$4.00 headroom");
        await CommittedAsync(served, key);
    }

    [Fact]
    public async Task In_the_directory()
    {
        await using var served = await Served.StartAsync("--login");
        var key = await served.KeyAsync("acme");

        FaultyDisk.FailSyncsOf(Path.Combine(served.Data, "directory.db-wal"));
        var creating = served.Cli.RunAsync("keys", "create", "--account", "other", "--cap", "5");
        await EndsAsync(served, "directory.db");
        _ = await creating;
        await CommittedAsync(served, key);
    }

    private static async Task EndsAsync(Served served, string file)
    {
        (await served.EndedAsync()).FailedWith(1, file, "the disk failed", "start the server again");
        FaultyDisk.Mend();
        await served.ServeAsync();
    }

    private static async Task IsThereAsync(Served served, string account, string words) =>
        Assert.Contains(words, (await served.Cli.RunAsync("accounts", "show", account)).Succeeded().Out, StringComparison.Ordinal);

    private static async Task CommittedAsync(Served served, string key)
    {
        (await served.Cli.RunAsync("try", key, "--amount", "0.5", "--commit", "0.5")).Succeeded();
        (await served.Cli.RunAsync("verify", "--data", served.Data)).Succeeded();
    }
}
