using System.CommandLine;
using Enforcer.Cli.Connection;
using Enforcer.Cli.Shell;

namespace Enforcer.Cli.Commands;

/// <summary><c>logout</c>: forgets the stored token.</summary>
internal sealed class LogoutCommand : CliCommand
{
    private readonly ServerOptions _server;

    public LogoutCommand(Terminal terminal)
        : base(terminal, "logout", "Forgets the token that 'enforcer login' stored. The token itself stays good: 'enforcer tokens revoke' ends it.", "enforcer logout")
    {
        _server = new ServerOptions(terminal);
    }

    public override void AddShared() => _server.AddTo(this);

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var address = _server.Address(parse);
        var removed = new LoginStore(Terminal).Remove(address);
        Terminal.Line(removed ? $"Logged out of {address.Authority}." : $"There was no login at {address.Authority}.");
        return Task.FromResult(ExitCode.Ok);
    }
}
