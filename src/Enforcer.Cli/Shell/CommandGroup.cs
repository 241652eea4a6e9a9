using System.CommandLine;

namespace Enforcer.Cli.Shell;

/// <summary>A word that only groups commands: <c>keys</c>, <c>accounts</c>.</summary>
internal sealed class CommandGroup : Command
{
    public CommandGroup(string name, string description, params CliCommand[] commands)
        : base(name, description)
    {
        foreach (var command in commands)
            Add(command);
    }
}
