using Enforcer.Cli.Tests.Support;
using Enforcer.Storage.Postgres.Tests.Support;

namespace Enforcer.Cli.Tests.Commands;

/// <summary>A server whose journal is in a PostgreSQL.</summary>
[Trait("needs", "foreign")]
public sealed class ServePostgresTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    [Fact]
    public async Task A_damaged_journal_is_told_by_the_names_of_accounts()
    {
        var database = await postgres.NewDatabaseAsync();
        using var cli = new Support.Cli();
        await ServeAsync(cli, database, ["--login"], async () =>
        {
            var sound = (await cli.RunAsync("keys", "create", "--account", "sound", "--cap", "5", "--quiet")).Succeeded().Lines[0];
            var damaged = (await cli.RunAsync("keys", "create", "--account", "acme", "--cap", "5", "--quiet")).Succeeded().Lines[0];
            (await cli.RunAsync("try", sound, "--amount", "1", "--commit", "1")).Succeeded();
            (await cli.RunAsync("try", damaged, "--amount", "1")).Succeeded();
        });
        var number = await SpoilAsync(database);

        (await cli.RunAsync("serve", "--postgres", database, "--node", "n1", "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0"))
            .FailedWith(1, $"account {number}", $"That is account acme (number {number})", "--serve-damaged");
        var stopped = await ServeAsync(cli, database, ["--serve-damaged"], async () => (await cli.RunAsync("accounts", "show", "sound")).Succeeded());
        stopped.FailedWith(0, "Not served", $"account acme (number {number})");
    }

    /// <summary>Runs a server on free ports as long as something is done with it.</summary>
    private static async Task<CliResult> ServeAsync(Support.Cli cli, string database, string[] options, Func<Task> use)
    {
        using var ctrlC = new CancellationTokenSource();
        await using var said = new LineWatcher();
        // The CLI is logged in to one address, so a second server takes the place of the first.
        var grpc = cli.Variables.GetValueOrDefault("ENFORCER_SERVER", "127.0.0.1:0");
        var running = cli.RunAsync(["serve", "--postgres", database, "--node", "n1", "--grpc", grpc, "--http", "127.0.0.1:0", .. options], ctrlC.Token, said);
        var started = said.AfterAsync("  gRPC");
        if (await Task.WhenAny(started, running) == running) Assert.Fail((await running).Error);
        cli.Variables["ENFORCER_SERVER"] = await started;
        await said.AfterAsync("  data");
        try
        {
            await use();
        }
        finally
        {
            await ctrlC.CancelAsync();
        }
        return await running;
    }

    /// <summary>Flips a bit in the last entry of the last batch, as if it had happened before any head was written; answers whose entry it was.</summary>
    private static async Task<object?> SpoilAsync(string database) => await PostgresServer.SqlAsync(
        database,
        "DELETE FROM heads",
        "UPDATE covers c SET through = (SELECT min(number) - 1 FROM batches)",
        "UPDATE batches SET payload = set_byte(payload, octet_length(payload) - 1, get_byte(payload, octet_length(payload) - 1) # 1) " +
        "WHERE number = (SELECT max(number) FROM batches)",
        "SELECT number FROM accounts WHERE id = 'acme'");
}
