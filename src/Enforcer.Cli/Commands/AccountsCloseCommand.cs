using System.CommandLine;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>accounts close</c>: final, so it asks.</summary>
internal sealed class AccountsCloseCommand : ChangeCommand
{
    private readonly Option<bool> _yes = CliOption.Switch("--yes", "Does not ask.");

    public AccountsCloseCommand(Terminal terminal)
        : base(
            terminal, "close", "Ends an account for good: it never grants again. Open reservations can still be settled.",
            "enforcer accounts close acme --reason 'contract ended' --yes")
    {
        Add(_yes);
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var account = Account(parse);
        if (!parse.GetValue(_yes))
            Confirm(account);
        var request = new ChangeRequest { Account = account, Reason = Reason(parse) };
        return Tell(parse, await server.CloseAsync(request, cancellationToken), $"{account} is closed.");
    }

    private void Confirm(string account)
    {
        if (!Terminal.InIsTerminal)
            throw new CliException("close: it is final, and there is nobody to ask. Add --yes.", ExitCode.Usage);
        Terminal.Error.Write($"Closing is final: {account} never grants again. Type its name to close it: ");
        if (Terminal.In.ReadLine() != account)
            throw new CliException("close: the name was not typed; nothing was changed.");
    }
}
