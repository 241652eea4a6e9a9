using System.CommandLine;

namespace Enforcer.Cli.Shell;

/// <summary>A command of the tree: its description, its examples, and what it does.</summary>
internal abstract class CliCommand : Command
{
    protected CliCommand(Terminal terminal, string name, string description, params string[] examples)
        : base(name, description)
    {
        Terminal = terminal;
        Examples = examples;
        SetAction(RunAsync);
    }

    /// <summary>Whole command lines that people can copy; shown by <c>--help</c>.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Adds the options that the command shares with others; last, so that help shows its own first.</summary>
    public virtual void AddShared()
    {
    }

    /// <summary>The surroundings.</summary>
    protected Terminal Terminal { get; }

    /// <summary>Does the work; the result is the exit code.</summary>
    /// <exception cref="CliException">It failed, in words for people.</exception>
    protected abstract Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken);
}
