using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Enforcer.Cli.Shell;

/// <summary>The usual help, then the command's examples.</summary>
internal sealed class HelpWithExamples(HelpAction help, IReadOnlyList<string> ofRoot) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        var examples = ExamplesOf(parseResult.CommandResult.Command);
        if (examples.Count == 0)
            return ExitCode.Ok;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in examples)
            output.WriteLine($"  {example}");
        output.WriteLine();
        return ExitCode.Ok;
    }

    private IReadOnlyList<string> ExamplesOf(Command command) => command switch
    {
        CliCommand own => own.Examples,
        RootCommand => ofRoot,
        _ => [.. command.Subcommands.OfType<CliCommand>().SelectMany(c => c.Examples.Take(1))],
    };
}
