using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>accounts create</c>: an account without a key yet.</summary>
internal sealed class AccountsCreateCommand : OperatorCommand
{
    private readonly Argument<string> _account = CliOption.Required("ACCOUNT", "Its name: 1 to 64 characters of A-Z a-z 0-9 . _ : -");
    private readonly LimitOptions _limits;
    private readonly Option<string?> _unit =
        CliOption.Text("--unit", "An ISO 4217 code or your own, such as ACU. [default: the amounts' unit, or USD]", "UNIT");
    private readonly Option<string?> _reason = ReasonOption.Create();

    public AccountsCreateCommand(Terminal terminal)
        : base(
            terminal, "create", "Makes an account. 'enforcer keys create --account' gives it keys.",
            "enforcer accounts create acme --monthly '$200' --zone Europe/Berlin",
            "enforcer accounts create beta --cap 'ACU 1000' --concurrency 10")
    {
        Add(_account);
        _limits = new LimitOptions(this);
        Add(_unit);
        Add(_reason);
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var changes = _limits.Read(parse);
        var unit = parse.GetValue(_unit) ?? changes.Unit ?? Money.DefaultUnit;
        var request = new CreateAccountRequest
        {
            Account = parse.GetRequiredValue(_account),
            Unit = unit,
            Limits = LimitMerge.Apply(new Limits(), changes, unit),
            Reason = parse.GetValue(_reason) ?? "",
        };
        var account = await server.CreateAccountAsync(request, cancellationToken);
        Answer(parse, account, () => AccountText.Write(Terminal, account));
        return ExitCode.Ok;
    }
}
