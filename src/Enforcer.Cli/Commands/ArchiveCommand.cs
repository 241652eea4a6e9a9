using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Journal;
using Enforcer.Storage.Postgres;

namespace Enforcer.Cli.Commands;

/// <summary><c>cluster archive</c>: takes old batches out of a cluster's journal, so that it does not grow without bound.</summary>
internal sealed class ArchiveCommand : CliCommand
{
    /// <summary>Operation ids are remembered for up to 30 days; a late one is looked for in the journal.</summary>
    private const int LeastDays = 31;

    private readonly Option<string?> _postgres = PostgresOption.Create("The PostgreSQL of the cluster.");
    private readonly Option<int> _days = new("--days") { Description = $"Batches older than so many days: at least {LeastDays}.", HelpName = "N", Required = true };

    public ArchiveCommand(Terminal terminal)
        : base(
            terminal, "archive", "Takes old batches out of the journal, each partition as a table that can be dumped and dropped. Balances and heads stay; nodes go on meanwhile.",
            "enforcer cluster archive --days 90",
            "enforcer cluster archive --days 400 --postgres Host=db")
    {
        Add(_days);
        Add(_postgres);
        CliOption.Rule(this, result =>
        {
            if (result.GetValue(_days) is < LeastDays or > 36_500)
                result.AddError($"--days: {result.GetValue(_days)} is not {LeastDays} to 36,500; operation ids are remembered for up to 30 days.");
        });
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var postgres = parse.GetValue(_postgres) ?? Terminal.Variable(PostgresOption.Variable)
            ?? throw new CliException($"say which PostgreSQL, with --postgres or {PostgresOption.Variable}.", ExitCode.Usage);
        try
        {
            await using var store = PostgresJournalStore.ReadNode(new PostgresOptions { ConnectionString = postgres });
            var beforeMs = Terminal.Clock.GetUtcNow().AddDays(-parse.GetValue(_days)).ToUnixTimeMilliseconds();
            var tables = await store.ArchiveAsync(beforeMs, cancellationToken);
            foreach (var table in tables)
                Terminal.Line(table);
            Terminal.Note(tables.Count == 0
                ? "No whole partition is that old."
                : $"{LimitLines.Count(tables.Count, "table", "tables")} taken out. Keep each with 'pg_dump --format=custom --table=TABLE --file=FILE', then 'DROP TABLE'.");
            return ExitCode.Ok;
        }
        catch (Exception failure) when (failure is JournalUnavailableException or ArgumentException)
        {
            throw new CliException(failure.Message);
        }
    }
}
