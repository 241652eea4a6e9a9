using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>accounts reverse</c>: gives a commit back, by a new entry.</summary>
internal sealed class AccountsReverseCommand : ChangeCommand
{
    private readonly Argument<Guid> _reservation =
        CliOption.Required<Guid>("RESERVATION", "The reservation whose commit is wrong, as the ledger shows it.", ValueParsers.Id);
    private readonly Option<Amount?> _amount =
        CliOption.One<Amount>("--amount", "How much to give back. [default: all that was committed]", "AMOUNT", ValueParsers.Amount);

    public AccountsReverseCommand(Terminal terminal)
        : base(
            terminal, "reverse", "Gives back all or part of a finished commit. Nothing is edited: the ledger gets a new entry.",
            "enforcer accounts reverse acme 01934c1e-7a00-7000-8000-00000000a001 --amount '$0.25' --reason 'model refused'")
    {
        Add(_reservation);
        Add(_amount);
        CliOption.Rule(this, result =>
        {
            if (result.GetValue(_amount) is { Nanos: 0 })
                result.AddError("--amount: it is 0; there is nothing to give back. Leave it out to give back all.");
        });
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var account = await server.GetAccountAsync(new GetAccountRequest { Account = Account(parse) }, cancellationToken);
        var request = new ReverseRequest
        {
            Account = account.Account,
            ReservationId = IdText.ToWire(parse.GetRequiredValue(_reservation)),
            AmountNanos = parse.GetValue(_amount)?.InUnit(account.Unit, "--amount") ?? 0,
            Reason = Reason(parse),
        };
        var response = await server.ReverseAsync(request, cancellationToken);
        var given = MoneyText.Format(-response.Outcome.ChargedNanos, account.Unit);
        return Tell(parse, response, $"{given} given back.");
    }
}
