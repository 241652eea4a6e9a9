using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>keys list</c>.</summary>
internal sealed class KeysListCommand : OperatorCommand
{
    private const int PageSize = 1_000;
    private readonly Option<string?> _account = CliOption.Text("--account", "Only the keys of this account.", "ACCOUNT");

    public KeysListCommand(Terminal terminal)
        : base(terminal, "list", "Lists keys, never their secrets.", "enforcer keys list", "enforcer keys list --account acme --json | jq -r .key_id")
    {
        Add(_account);
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var keys = new List<KeyView>();
        var request = new ListKeysRequest { Account = parse.GetValue(_account) ?? "", PageSize = PageSize };
        do
        {
            var page = await server.ListKeysAsync(request, cancellationToken);
            keys.AddRange(page.Keys);
            request.After = page.NextAfter;
        }
        while (request.After.Length > 0);
        if (WantsJson(parse))
            keys.ForEach(key => Terminal.Line(ProtoJson.Line(key)));
        else
            KeyText.Write(Terminal, keys);
        return ExitCode.Ok;
    }
}
