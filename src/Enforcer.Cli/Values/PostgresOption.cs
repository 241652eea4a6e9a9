using System.CommandLine;
using System.CommandLine.Parsing;
using Enforcer.Cli.Shell;

namespace Enforcer.Cli.Values;

/// <summary>The option that names the PostgreSQL of a cluster, in place of a folder.</summary>
internal static class PostgresOption
{
    /// <summary>Names it where the option does not, so that a password is not seen in the list of processes.</summary>
    public const string Variable = "ENFORCER_POSTGRES";

    /// <summary>The option.</summary>
    public static Option<string?> Create(string help) => CliOption.Text("--postgres", $"{help} [default: {Variable}, if that is set]", "CONNECTION");

    /// <summary>An option and one for a folder exclude each other.</summary>
    public static void Exclude(Command command, Option<string?> postgres, Option data) => CliOption.Rule(command, result =>
    {
        if (result.GetResult(postgres) is { Implicit: false } && result.GetResult(data) is { Implicit: false })
            result.AddError($"{data.Name} and {postgres.Name} exclude each other; name the one where the data is.");
    });

    /// <summary>What was named; null if it is a folder.</summary>
    public static string? Read(ParseResult parse, Terminal terminal, Option<string?> postgres, Option data)
    {
        if (parse.GetValue(postgres) is { } named) return named;
        if (parse.GetResult(data) is { Implicit: false }) return null;
        return terminal.Variable(Variable) is { Length: > 0 } variable ? variable : null;
    }
}
