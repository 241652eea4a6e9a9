using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>keys create</c>: a key for a customer, with the account it spends from.</summary>
internal sealed class KeysCreateCommand : OperatorCommand
{
    private readonly LimitOptions _limits;
    private readonly Option<string?> _account =
        CliOption.Text("--account", "The account it spends from; made with these limits if it does not exist. [default: a new one]", "ACCOUNT");
    private readonly Option<string?> _unit =
        CliOption.Text("--unit", "Unit of a new account: an ISO 4217 code or your own, such as ACU. [default: the amounts' unit, or USD]", "UNIT");
    private readonly Option<string?> _label = CliOption.Text("--label", "A note for people, at most 128 characters.", "TEXT");
    private readonly Option<string?> _reason = ReasonOption.Create();
    private readonly Option<bool> _quiet = CliOption.Switch("--quiet", "Writes the secret and nothing else, for scripts.");

    public KeysCreateCommand(Terminal terminal)
        : base(
            terminal, "create", "Makes a key. Its secret is shown once.",
            "enforcer keys create --cap '$5' --rpm 600",
            "enforcer keys create --account acme --monthly '$200' --model-cap 'gpt-5.5*=$50/month' --label 'Acme production'",
            "KEY=$(enforcer keys create --daily '$1' --quiet)")
    {
        _limits = new LimitOptions(this);
        Option[] all = [_account, _unit, _label, _reason, _quiet];
        foreach (var option in all)
            Add(option);
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var changes = _limits.Read(parse);
        var unit = parse.GetValue(_unit) ?? changes.Unit ?? Money.DefaultUnit;
        var limits = LimitMerge.Apply(new Limits(), changes, unit);
        var request = new CreateKeyRequest
        {
            Account = parse.GetValue(_account) ?? "",
            Unit = parse.GetValue(_unit) ?? changes.Unit ?? "",
            Label = parse.GetValue(_label) ?? "",
            Reason = parse.GetValue(_reason) ?? "",
        };
        if (!changes.IsEmpty)
            request.Limits = limits;
        var created = await server.CreateKeyAsync(request, cancellationToken);
        if (parse.GetValue(_quiet))
            Terminal.Line(created.Secret);
        else
            Answer(parse, created, () => Write(created, limits, unit));
        return ExitCode.Ok;
    }

    private void Write(CreateKeyResponse created, Limits limits, string unit)
    {
        KeyText.WriteSecret(Terminal, created);
        foreach (var (name, value) in LimitLines.Of(limits, unit))
            Terminal.Line($"  {name,-12} {value}");
        if (limits.Spend.Count == 0 && created.Key.Account.Length > 0)
            Terminal.Note("No spend cap was named here: a new account without one spends without end. 'enforcer accounts set-limits' adds it.");
        foreach (var zero in limits.Spend.Where(spend => spend.CapNanos == 0))
            Terminal.Note($"The cap '{LimitNames.Of(zero)}' is 0. A shell turns $50 into 0: put amounts in single quotes, '$50'.");
        if (Terminal.OutIsTerminal)
            Terminal.Note($"Try it:  enforcer try {created.Secret} --amount '$0.01'\nSee it:  enforcer watch {created.Key.Account}");
    }
}
