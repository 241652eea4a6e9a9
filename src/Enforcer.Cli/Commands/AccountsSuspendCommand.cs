using System.CommandLine;
using Enforcer.Cli.Shell;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>accounts suspend</c>.</summary>
internal sealed class AccountsSuspendCommand(Terminal terminal)
    : ChangeCommand(terminal, "suspend", "Stops new reservations at once. Open ones can still be settled.", "enforcer accounts suspend acme --reason 'runaway agent'")
{
    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var request = new ChangeRequest { Account = Account(parse), Reason = Reason(parse) };
        return Tell(parse, await server.SuspendAsync(request, cancellationToken), $"{request.Account} is suspended.");
    }
}
