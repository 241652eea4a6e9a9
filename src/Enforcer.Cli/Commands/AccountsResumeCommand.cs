using System.CommandLine;
using Enforcer.Cli.Shell;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>accounts resume</c>.</summary>
internal sealed class AccountsResumeCommand(Terminal terminal)
    : ChangeCommand(terminal, "resume", "Lets a suspended account reserve again.", "enforcer accounts resume acme")
{
    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var request = new ChangeRequest { Account = Account(parse), Reason = Reason(parse) };
        return Tell(parse, await server.ResumeAsync(request, cancellationToken), $"{request.Account} is active again.");
    }
}
