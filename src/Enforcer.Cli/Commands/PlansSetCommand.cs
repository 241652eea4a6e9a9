using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>plans set</c>: the rules of a price plan.</summary>
internal sealed class PlansSetCommand : OperatorCommand
{
    private readonly Argument<string> _plan = CliOption.Required("PLAN", "The plan's name.");
    private readonly Argument<string> _rules = CliOption.Required("RULES", "A list of rules as JSON, or a file that holds one; see docs/prices.md.");
    private readonly Option<string?> _reason = ReasonOption.Create();

    public PlansSetCommand(Terminal terminal)
        : base(
            terminal, "set", "Sets the rules of a price plan. Accounts that have it are priced by them from now on.",
            "enforcer plans set agency rules.json",
            "enforcer plans set agency rules.json --reason 'new contract'")
    {
        Add(_plan);
        Add(_rules);
        Add(_reason);
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var rules = parse.GetRequiredValue(_rules);
        if (!rules.TrimStart().StartsWith('['))
            rules = File.Exists(rules) ? await File.ReadAllTextAsync(rules, cancellationToken) : throw new CliException($"RULES: '{rules}' is neither a list of rules nor a file.", ExitCode.Usage);
        var request = new SetPricePlanRequest { Plan = parse.GetRequiredValue(_plan), RulesJson = rules, Reason = parse.GetValue(_reason) ?? "" };
        var plan = await server.SetPricePlanAsync(request, cancellationToken);
        Answer(parse, plan, () => Terminal.Line($"Plan {plan.Plan} is set. Give it to an account: enforcer accounts set-plan ACCOUNT {plan.Plan}"));
        return ExitCode.Ok;
    }
}
