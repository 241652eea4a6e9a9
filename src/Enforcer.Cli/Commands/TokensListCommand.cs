using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>tokens list</c>.</summary>
internal sealed class TokensListCommand(Terminal terminal)
    : OperatorCommand(terminal, "list", "Lists tokens, never their secrets.", "enforcer tokens list")
{
    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var tokens = (await server.ListTokensAsync(new ListTokensRequest(), cancellationToken)).Tokens;
        if (!WantsJson(parse))
            TokenText.Write(Terminal, tokens);
        else
        {
            foreach (var token in tokens)
                Terminal.Line(ProtoJson.Line(token));
        }
        return ExitCode.Ok;
    }
}
