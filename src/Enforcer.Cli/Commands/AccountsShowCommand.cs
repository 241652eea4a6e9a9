using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>accounts show</c>.</summary>
internal sealed class AccountsShowCommand : OperatorCommand
{
    private readonly Argument<string> _account = CliOption.Required("ACCOUNT", "The account.");

    public AccountsShowCommand(Terminal terminal)
        : base(terminal, "show", "Shows an account's balances and limits.", "enforcer accounts show acme")
    {
        Add(_account);
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var account = await server.GetAccountAsync(new GetAccountRequest { Account = parse.GetRequiredValue(_account) }, cancellationToken);
        Answer(parse, account, () => AccountText.Write(Terminal, account));
        return ExitCode.Ok;
    }
}
