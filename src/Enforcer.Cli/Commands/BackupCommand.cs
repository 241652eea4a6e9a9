using System.CommandLine;
using Enforcer.Access;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Journal;
using Enforcer.Storage.Sqlite;
using Spectre.Console;

namespace Enforcer.Cli.Commands;

/// <summary><c>backup</c>: a copy of a data folder as it is at one moment, while the server runs.</summary>
/// <remarks>
/// The journal is copied before the directory. The other way round, an account that is made in between would have entries in the copy and
/// no name; this way it has a name and no entries yet, as it had at the moment of the journal.
/// </remarks>
internal sealed class BackupCommand : CliCommand
{
    private readonly Option<string> _data = DataFolder.Create("The folder of the server's data.");
    private readonly Option<string?> _postgres = PostgresOption.Create("The PostgreSQL of a cluster: says how it is backed up.");
    private readonly Option<string> _to = new("--to") { Description = "The folder to make; it must not exist, or be empty.", HelpName = "DIR", Required = true };

    public BackupCommand(Terminal terminal)
        : base(
            terminal, "backup", "Copies a server's data while it runs. To restore: stop the server and serve the copy.",
            "enforcer backup --data ./enforcer-data --to /backups/2026-11-21",
            "enforcer serve --data /backups/2026-11-21")
    {
        Add(_data);
        Add(_postgres);
        Add(_to);
        PostgresOption.Exclude(this, _postgres, _data);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        if (PostgresOption.Read(parse, Terminal, _postgres, _data) is not null)
        {
            throw new CliException(
                "a cluster's journal and directory are in PostgreSQL, whose own tools copy them at one moment while the nodes run: 'pg_dump --format=custom --schema=enforcer " +
                "--file=FILE DATABASE', or 'pg_basebackup' with an archive of the write-ahead log to lose nothing that was answered. Check a restored copy: enforcer verify --postgres.");
        }
        var source = DataFolder.Existing(parse.GetRequiredValue(_data));
        var target = parse.GetRequiredValue(_to);
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
            throw new CliException($"--to: '{target}' is not empty. Name a folder that does not exist.", ExitCode.Usage);
        MakeFolder(target);
        if (Terminal.ErrorIsTerminal)
            await Terminal.HumanError.Status().StartAsync("Copying…", _ => Task.Run(() => CopyAsync(source, target), cancellationToken));
        else
            await CopyAsync(source, target);
        Terminal.Line($"'{source}' is copied to '{target}'. Check it: enforcer verify --data '{target}'");
        return ExitCode.Ok;
    }

    private static void MakeFolder(string folder)
    {
        // The copy is as secret as its source: hashes of keys and tokens, and every customer's spending.
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static async Task CopyAsync(string source, string target)
    {
        try
        {
            await using var journal = SqliteJournalStore.ReadFolder(source);
            journal.BackUpTo(Path.Combine(target, DataFolder.JournalFile));
            SqliteDirectory.BackUp(Path.Combine(source, SqliteDirectory.FileName), Path.Combine(target, SqliteDirectory.FileName));
        }
        catch (Exception failure) when (failure is JournalUnavailableException or JournalCorruptException or DirectoryException)
        {
            throw new CliException(failure.Message);
        }
    }
}
