using System.CommandLine;
using Enforcer.Access;
using Enforcer.Cli.Shell;
using Enforcer.Storage.Sqlite;

namespace Enforcer.Cli.Values;

/// <summary>The option that names the folder of a server's data.</summary>
internal static class DataFolder
{
    /// <summary>Where <c>serve</c> keeps its data unless it is told otherwise.</summary>
    public const string Default = "./enforcer-data";

    /// <summary>The file of the journal in it.</summary>
    public const string JournalFile = "journal.db";

    /// <summary>The option.</summary>
    public static Option<string> Create(string help) => new("--data")
    {
        Description = help,
        HelpName = "DIR",
        DefaultValueFactory = static _ => Default,
    };

    /// <summary>The folder, in which there is a journal.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public static string Existing(string folder) => File.Exists(Path.Combine(folder, JournalFile))
        ? folder
        : throw new CliException(
            $"--data: '{folder}' holds no {JournalFile}. Name the folder that 'enforcer serve --data' was given.", ExitCode.Usage);

    /// <summary>The journal knows accounts by number; the directory beside it has their names, if it is in a folder and can still be read.</summary>
    public static string NameOf(long account, string? folder)
    {
        if (folder is null) return $"number {account}";
        try
        {
            var path = Path.Combine(folder, SqliteDirectory.FileName);
            return SqliteDirectory.ReadAccount(path, account) is { } known ? $"{known.Id} (number {account})" : $"number {account}";
        }
        catch (DirectoryException)
        {
            return $"number {account}";
        }
    }
}
