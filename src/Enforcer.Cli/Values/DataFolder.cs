using System.CommandLine;
using Enforcer.Cli.Shell;

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
}
