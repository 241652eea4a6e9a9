using System.CommandLine;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>keys revoke</c>.</summary>
internal sealed class KeysRevokeCommand : OperatorCommand
{
    private readonly Argument<string> _key = CliOption.Required("KEY", "The key's id.");

    public KeysRevokeCommand(Terminal terminal)
        : base(terminal, "revoke", "Ends a key at once. Its account and the account's other keys live on.", "enforcer keys revoke key_0v3…")
    {
        Add(_key);
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var key = await server.RevokeKeyAsync(new RevokeKeyRequest { KeyId = parse.GetRequiredValue(_key) }, cancellationToken);
        Answer(parse, key, () => Terminal.Line($"Key {key.KeyId} of account {key.Account} is revoked."));
        return ExitCode.Ok;
    }
}
