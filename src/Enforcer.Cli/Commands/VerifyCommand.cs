using System.CommandLine;
using System.Text.Json;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Journal;
using Enforcer.Journal.Verifying;
using Enforcer.Ledger;
using Enforcer.Storage.Postgres;
using Enforcer.Storage.Sqlite;

namespace Enforcer.Cli.Commands;

/// <summary><c>verify</c>: reads a whole journal and says whether it is sound.</summary>
internal sealed class VerifyCommand : CliCommand
{
    private readonly Option<string> _data = DataFolder.Create("The folder of the server's data.");
    private readonly Option<string?> _postgres = PostgresOption.Create("The PostgreSQL of a cluster instead: the streams of all its nodes.");
    private readonly Option<bool> _json = CliOption.Switch("--json", "Writes JSON, for scripts.");

    public VerifyCommand(Terminal terminal)
        : base(
            terminal, "verify", "Reads the whole journal and checks every batch, entry and head. Changes nothing; the server may run.",
            "enforcer verify --data ./enforcer-data",
            "enforcer verify --data /backups/2026-11-21 --json",
            "enforcer verify --postgres Host=db")
    {
        Add(_data);
        Add(_postgres);
        PostgresOption.Exclude(this, _postgres, _data);
        Add(_json);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var postgres = PostgresOption.Read(parse, Terminal, _postgres, _data);
        var folder = postgres is null ? DataFolder.Existing(parse.GetRequiredValue(_data)) : null;
        var report = await VerifyAsync(folder, postgres, cancellationToken);
        var accounts = await KnownAccounts.ReadAsync(folder, postgres, report.Findings.Select(finding => finding.Account), cancellationToken);
        if (parse.GetValue(_json))
            Terminal.Line(JsonSerializer.Serialize(report, VerifyJson.Default.VerifyReport));
        else
            Write(report, accounts);
        if (report.IsSound)
            return ExitCode.Ok;
        var first = report.FirstBadAccount ?? report.Findings[0];
        throw new CliException(
            $"the journal in {(folder is null ? "PostgreSQL" : $"'{folder}'")} is not sound: {LimitLines.Count(report.FindingCount, "finding", "findings")}, " +
            $"the first at {Place(first, accounts)}: {first.What} Keep {(folder is null ? "the database" : "the folder")} as it is, and restore a backup.");
    }

    private static string Place(VerifyFinding finding, KnownAccounts accounts)
    {
        var parts = new List<string>();
        if (finding.Account != 0)
            parts.Add($"account {accounts.NameOf(finding.Account)}");
        if (finding.Seq != 0)
            parts.Add($"entry {finding.Seq}");
        if (finding.Batch != 0)
            parts.Add($"batch {finding.Batch}");
        return parts.Count == 0 ? "the journal as a whole" : string.Join(", ", parts);
    }

    private async Task<VerifyReport> VerifyAsync(string? folder, string? postgres, CancellationToken cancellationToken)
    {
        var streams = new List<IJournalStore>();
        try
        {
            if (folder is not null)
            {
                streams.Add(SqliteJournalStore.ReadFolder(folder));
                await streams[0].OpenAsync("enforcer verify", cancellationToken);
            }
            else
            {
                streams.AddRange(await PostgresJournalStore.ReadAllAsync(new PostgresOptions { ConnectionString = postgres! }, cancellationToken));
            }
            // What a server can be told decides what it grants, not what its entries add up to: no setting is needed here.
            var verifier = new JournalVerifier(streams, LedgerOptions.Default);
            return await ProgressBar.RunAsync<VerifyProgress, VerifyReport>(
                Terminal, "Reading the journal", step => (step.Batch, step.OfBatches), bar => verifier.VerifyAsync(bar, cancellationToken));
        }
        catch (Exception failure) when (failure is JournalUnavailableException or JournalFormatException or JournalCorruptException or ArgumentException)
        {
            throw new CliException(failure.Message);
        }
        finally
        {
            foreach (var stream in streams)
                await stream.DisposeAsync();
        }
    }

    private void Write(VerifyReport report, KnownAccounts accounts)
    {
        var verdict = report.IsSound ? Terminal.Dress("sound", Paint.Green) : Terminal.Dress("not sound", Paint.Red);
        Terminal.Line(
            $"The journal is {verdict}: {LimitLines.Count(report.Entries, "entry", "entries")} of {LimitLines.Count(report.Accounts, "account", "accounts")} " +
            $"in {LimitLines.Count(report.Batches, "batch", "batches")}, {LimitLines.Count(report.Heads, "head", "heads")}, {LimitLines.Count(report.Bytes)} bytes.");
        if (report.ArchivedBatches > 0)
        {
            Terminal.Line(
                $"{LimitLines.Count(report.ArchivedBatches, "batch is", "batches are")} archived; of {LimitLines.Count(report.PartialAccounts, "account", "accounts")} " +
                "with older entries in them only the chain of what is left was checked.");
        }
        if (report.IsSound)
            return;
        var table = new Table("ACCOUNT", "ENTRY", "BATCH", "WHAT").Right(1, 2);
        foreach (var finding in report.Findings)
            table.Add(finding.Account == 0 ? "-" : accounts.NameOf(finding.Account), Number(finding.Seq), Number(finding.Batch), finding.What);
        table.Write(Terminal);
    }

    private static string Number(long number) => number == 0 ? "-" : LimitLines.Count(number);
}
