using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>tokens create</c>: access for an edge or a colleague.</summary>
internal sealed class TokensCreateCommand : OperatorCommand
{
    private readonly Option<string?> _role = CliOption.Choice(
        "--role", "What it may do: edge (reserve and commit), viewer (read), operator (change accounts and keys too), admin (tokens too).",
        "edge", "viewer", "operator", "admin");
    private readonly Option<string?> _label = CliOption.Text("--label", "A note for people, at most 128 characters.", "TEXT");
    private readonly Option<bool> _quiet = CliOption.Switch("--quiet", "Writes the secret and nothing else, for scripts.");

    public TokensCreateCommand(Terminal terminal)
        : base(
            terminal, "create", "Makes a token. Its secret is shown once.",
            "enforcer tokens create --role edge --label 'gateway 1'",
            "ENFORCER_TOKEN=$(enforcer tokens create --role viewer --quiet)")
    {
        _role.Required = true;
        Add(_role);
        Add(_label);
        Add(_quiet);
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var request = new CreateTokenRequest
        {
            Role = Enum.Parse<Role>(parse.GetRequiredValue(_role)!, ignoreCase: true),
            Label = parse.GetValue(_label) ?? "",
        };
        var created = await server.CreateTokenAsync(request, cancellationToken);
        if (parse.GetValue(_quiet))
            Terminal.Line(created.Secret);
        else
            Answer(parse, created, () => Write(created));
        return ExitCode.Ok;
    }

    private void Write(CreateTokenResponse created)
    {
        Terminal.Line(Terminal.Dress(created.Secret, Paint.Bold));
        Terminal.Note("This is the token's secret, shown this once.");
        Terminal.Line($"  {"token",-12} {created.Token.TokenId}");
        Terminal.Line($"  {"role",-12} {TokenText.Role(created.Token.Role)}");
    }
}
