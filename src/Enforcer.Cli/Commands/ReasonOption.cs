using System.CommandLine;
using Enforcer.Cli.Values;

namespace Enforcer.Cli.Commands;

/// <summary>The option that every change has: why.</summary>
internal static class ReasonOption
{
    public static Option<string?> Create() => CliOption.Text("--reason", "Why; stays in the ledger.", "TEXT");
}
