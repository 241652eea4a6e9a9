using System.CommandLine;
using Enforcer.Cli.Connection;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;

namespace Enforcer.Cli.Commands;

/// <summary><c>try</c>: one Reserve and one Commit, told in words.</summary>
internal sealed class TryCommand : CliCommand
{
    private const string KeyPrefix = "enf_live_";
    private readonly ServerOptions _server;
    private readonly Argument<string> _key = CliOption.Required("KEY", "The customer's secret key (enf_live_…), or an account.");
    private readonly Option<Amount?> _amount =
        CliOption.One<Amount>("--amount", "The most the call could cost; this is reserved.", "AMOUNT", ValueParsers.Amount);
    private readonly Option<Amount?> _commit =
        CliOption.One<Amount>("--commit", "What the call really cost. [default: all of it]", "AMOUNT", ValueParsers.Amount);
    private readonly Option<string?> _model = CliOption.Text("--model", "The model asked for; chooses caps with a model pattern.", "MODEL");
    private readonly Option<string?> _tag = CliOption.Text("--tag", "A free tag; chooses caps with that tag.", "TAG");
    private readonly Option<long?> _tokens = CliOption.One<long>("--tokens", "The tokens of the call, for token rates.", "N", ValueParsers.CountOrNone);
    private readonly Option<bool> _json = CliOption.Switch("--json", "Writes JSON, one value a line, for scripts.");

    public TryCommand(Terminal terminal)
        : base(
            terminal, "try", "Reserves and commits once, as a gateway does around each call, and says what happened.",
            "enforcer try enf_live_… --amount '$0.01'",
            "enforcer try enf_live_… --amount '$0.01' --commit '$0.004'",
            "enforcer try acme --amount 0.01 --model gpt-5.5-mini --tokens 2000")
    {
        _server = new ServerOptions(terminal);
        _amount.Required = true;
        Add(_key);
        Option[] all = [_amount, _commit, _model, _tag, _tokens, _json];
        foreach (var option in all)
            Add(option);
        CliOption.Rule(this, result =>
        {
            if (result.GetValue(_amount) is { Nanos: 0 })
                result.AddError("--amount: it is 0. A reservation is 0.000000001 or more.");
        });
    }

    public override void AddShared() => _server.AddTo(this);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var name = parse.GetRequiredValue(_key);
        AccountReference account = name.StartsWith(KeyPrefix, StringComparison.Ordinal) ? name : new AccountName(name);
        try
        {
            await using var client = new EnforcerClient(_server.Client(parse));
            return await RunAsync(client, account, parse, cancellationToken);
        }
        catch (EnforcerException failure)
        {
            throw new CliException(CallFailure.Describe(failure, _server.Address(parse)));
        }
        catch (ArgumentException wrong)
        {
            throw new CliException(wrong.Message, ExitCode.Usage);
        }
    }

    private async Task<int> RunAsync(EnforcerClient client, AccountReference account, ParseResult parse, CancellationToken cancellationToken)
    {
        var unit = (await client.GetAsync(account, null, cancellationToken)).Account.Unit;
        var amount = parse.GetRequiredValue(_amount)!.Value.InUnit(unit, "--amount");
        var cost = parse.GetValue(_commit)?.InUnit(unit, "--commit") ?? amount;
        var tokens = parse.GetValue(_tokens) ?? 0;
        var options = new ReserveOptions { Model = parse.GetValue(_model), Tag = parse.GetValue(_tag), Tokens = tokens };
        var teller = new TryTeller(Terminal, unit, parse.GetValue(_json));

        await using var reservation = await client.ReserveAsync(account, amount, options, cancellationToken);
        teller.Reserved(reservation, amount);
        if (!reservation.IsGranted)
            return ExitCode.Failed;
        var answer = await reservation.CommitAsync(cost, tokens, cancellationToken);
        teller.Committed(reservation, answer, cost);
        return answer.IsGranted ? ExitCode.Ok : ExitCode.Failed;
    }
}
