using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>accounts topup</c>: more prepaid balance.</summary>
internal sealed class AccountsTopUpCommand : ChangeCommand
{
    private readonly Argument<Amount> _amount = CliOption.Required<Amount>("AMOUNT", "How much to add: '$5'.", ValueParsers.Amount);

    public AccountsTopUpCommand(Terminal terminal)
        : base(
            terminal, "topup", "Raises the cap of the account's life-long spend limit.",
            "enforcer accounts topup acme '$5' --reason 'invoice 2026-118'")
    {
        Add(_amount);
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var amount = parse.GetRequiredValue(_amount);
        var account = await server.GetAccountAsync(new GetAccountRequest { Account = Account(parse) }, cancellationToken);
        var request = new TopUpRequest
        {
            Account = account.Account,
            AmountNanos = amount.InUnit(account.Unit, "AMOUNT"),
            Reason = Reason(parse),
        };
        var response = await server.TopUpAsync(request, cancellationToken);
        return Tell(parse, response, $"{MoneyText.Format(amount.Nanos, account.Unit)} added.");
    }
}
