using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>tokens revoke</c>.</summary>
internal sealed class TokensRevokeCommand : OperatorCommand
{
    private readonly Argument<string> _token = CliOption.Required("TOKEN-ID", "The token's id, as 'enforcer tokens list' shows it.");

    public TokensRevokeCommand(Terminal terminal)
        : base(terminal, "revoke", "Ends a token at once.", "enforcer tokens revoke tok_0v3…")
    {
        Add(_token);
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var token = await server.RevokeTokenAsync(new RevokeTokenRequest { TokenId = parse.GetRequiredValue(_token) }, cancellationToken);
        Answer(parse, token, () => Terminal.Line($"Token {token.TokenId} ({TokenText.Role(token.Role)}) is revoked."));
        return ExitCode.Ok;
    }
}
