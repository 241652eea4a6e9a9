using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>accounts set-plan</c>: by which plans an account is priced.</summary>
internal sealed class AccountsSetPlanCommand : OperatorCommand
{
    private readonly Argument<string> _account = CliOption.Required("ACCOUNT", "The account.");
    private readonly Argument<string[]> _plans = new("PLAN") { Description = "Plans, from the wallet's to the key's own; none: sold at cost.", Arity = ArgumentArity.ZeroOrMore };

    private readonly Option<string[]> _resellers = new("--reseller")
    {
        Description = "Plans of a seller in between, with commas; the first is next to the upstream. May be repeated.",
        HelpName = "PLANS",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string?> _reason = ReasonOption.Create();

    public AccountsSetPlanCommand(Terminal terminal)
        : base(
            terminal, "set-plan", "Chooses the plans by which an account is priced. Open reservations keep their prices.",
            "enforcer accounts set-plan acme agency",
            "enforcer accounts set-plan acme wallet team --reseller aggregator --reason 'contract 12'",
            "enforcer accounts set-plan acme      # at cost")
    {
        Add(_account);
        Add(_plans);
        Add(_resellers);
        Add(_reason);
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var request = new SetAccountPricingRequest { Account = parse.GetRequiredValue(_account), Reason = parse.GetValue(_reason) ?? "" };
        request.Plans.AddRange(parse.GetValue(_plans) ?? []);
        foreach (var reseller in parse.GetRequiredValue(_resellers))
            request.Resellers.Add(new PlanStack { Plans = { reseller.Split(',') } });
        var pricing = await server.SetAccountPricingAsync(request, cancellationToken);
        Answer(parse, pricing, () => Terminal.Line(pricing.Plans.Count == 0
            ? $"Account {pricing.Account} buys at cost{Through(pricing)}."
            : $"Account {pricing.Account} is priced by {string.Join(", then ", pricing.Plans)}{Through(pricing)}."));
        return ExitCode.Ok;
    }

    private static string Through(AccountPricing pricing) => pricing.Resellers.Count == 0
        ? ""
        : $", on the price of {string.Join(", then of ", pricing.Resellers.Select(stack => string.Join("+", stack.Plans)))}";
}
