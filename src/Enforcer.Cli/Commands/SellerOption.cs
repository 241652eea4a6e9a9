using System.CommandLine;
using Enforcer.Cli.Values;

namespace Enforcer.Cli.Commands;

/// <summary>The option that names a price book.</summary>
internal static class SellerOption
{
    public static Option<string?> Create() => CliOption.Text("--seller", "Whose price book. [default: upstream]", "NAME");
}
