using System.CommandLine;
using System.CommandLine.Parsing;

namespace Enforcer.Cli.Shell;

/// <summary>What is wrong with a command line.</summary>
internal static class UsageProblem
{
    /// <summary>The problem, with a way out where one is known.</summary>
    public static string Explain(string problem, ParseResult parse)
    {
        if (parse.CommandResult.Command is CommandGroup group && parse.CommandResult.Tokens.Count == 0 && parse.UnmatchedTokens.Count == 0)
            return $"{group.Name}: say what to do: {string.Join(", ", group.Subcommands.Select(command => command.Name))}.";
        if (problem.StartsWith("Required argument missing for command", StringComparison.Ordinal))
            return string.Join(' ', Missing(parse).Select(argument => $"{argument.Name} is missing: {argument.Description}"));
        // An unquoted $5 is gone before this program sees it: the option that should carry it stands there empty.
        var isEmptyAmount = problem.StartsWith("Required argument missing for option", StringComparison.Ordinal)
            && parse.CommandResult.Command.Options.Any(option => option.HelpName?.StartsWith("AMOUNT", StringComparison.Ordinal) == true
                && problem.Contains($"'{option.Name}'", StringComparison.Ordinal));
        return isEmptyAmount ? $"{problem} If you wrote $5: a shell takes that away; put it in single quotes, '$5'." : problem;
    }

    private static IEnumerable<Argument> Missing(ParseResult parse) =>
        parse.CommandResult.Command.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0 && parse.GetResult(argument) is not { Tokens.Count: > 0 });

    /// <summary>The command as it was typed: <c>enforcer keys create</c>.</summary>
    public static string PathOf(CommandResult result)
    {
        var names = new List<string>();
        for (var command = result; command is not null; command = command.Parent as CommandResult)
            names.Insert(0, command.Parent is null ? "enforcer" : command.Command.Name);
        return string.Join(' ', names);
    }
}
