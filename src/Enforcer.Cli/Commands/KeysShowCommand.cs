using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>keys show</c>: a key, and the account behind it.</summary>
internal sealed class KeysShowCommand : OperatorCommand
{
    private readonly Argument<string> _key = CliOption.Required("KEY", "The key's id, as 'enforcer keys list' shows it.");

    public KeysShowCommand(Terminal terminal)
        : base(terminal, "show", "Shows a key and what its account has left.", "enforcer keys show key_0v3…")
    {
        Add(_key);
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var key = await server.GetKeyAsync(new GetKeyRequest { KeyId = parse.GetRequiredValue(_key) }, cancellationToken);
        if (WantsJson(parse))
        {
            Terminal.Line(ProtoJson.Line(key));
            return ExitCode.Ok;
        }
        KeyText.Write(Terminal, [key]);
        Terminal.Line();
        AccountText.Write(Terminal, await server.GetAccountAsync(new GetAccountRequest { Account = key.Account }, cancellationToken));
        return ExitCode.Ok;
    }
}
