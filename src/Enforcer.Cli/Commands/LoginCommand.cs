using System.CommandLine;
using Enforcer.Cli.Connection;
using Enforcer.Cli.Shell;
using Enforcer.Client;
using Enforcer.Grpc;
using Enforcer.Protocol.V1;
using Spectre.Console;

namespace Enforcer.Cli.Commands;

/// <summary><c>login</c>: keeps a token for this user, so that the other commands need none.</summary>
internal sealed class LoginCommand : CliCommand
{
    private readonly ServerOptions _server;

    public LoginCommand(Terminal terminal)
        : base(
            terminal, "login", "Stores a token for this user (a file that only you can read), so that other commands need none.",
            "enforcer login",
            "enforcer login --server https://enforcer.example.com:7070",
            "vault read -field=token secret/enforcer | enforcer login")
    {
        _server = new ServerOptions(terminal);
    }

    public override void AddShared() => _server.AddTo(this);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var address = _server.Address(parse);
        var token = _server.Named(parse) ?? Ask();
        await CheckAsync(address, token, cancellationToken);
        var store = new LoginStore(Terminal);
        store.Save(address, token);
        Terminal.Line($"Logged in at {address.Authority}; the token is in {store.Path}.");
        return ExitCode.Ok;
    }

    private string Ask()
    {
        var typed = Terminal.InIsTerminal
            ? Terminal.HumanError.Prompt(new TextPrompt<string>("Token:").Secret())
            : Terminal.In.ReadLine();
        return typed is null or "" ? throw new CliException("login: no token was given. Type it, pipe it in, or pass --token.", ExitCode.Usage) : typed.Trim();
    }

    private async Task CheckAsync(Uri address, string token, CancellationToken cancellationToken)
    {
        try
        {
            using var server = new EnforcerOperator(ServerOptions.ClientFor(address, token, Terminal.Clock));
            await server.ListAccountsAsync(new ListAccountsRequest { PageSize = 1 }, cancellationToken);
        }
        catch (EnforcerException failure) when (failure.Code == GrpcStatus.PermissionDenied)
        {
            // Known to the server, only not allowed to read accounts: an edge's token.
        }
        catch (EnforcerException failure)
        {
            throw new CliException(CallFailure.Describe(failure, address));
        }
    }
}
