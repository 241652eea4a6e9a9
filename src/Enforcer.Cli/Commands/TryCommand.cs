using System.CommandLine;
using System.Globalization;
using Enforcer.Cli.Connection;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

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
    private readonly Option<long?> _prompt = CliOption.One<long>("--prompt", "Instead of an amount: the most tokens of the prompt.", "N", ValueParsers.CountOrNone);
    private readonly Option<long?> _output = CliOption.One<long>("--output", "Instead of an amount: the most tokens of the answer.", "N", ValueParsers.CountOrNone);
    private readonly Option<string?> _used = CliOption.Text("--used", "What the call really used: input=800,output=100. [default: all of it]", "METERS");
    private readonly Option<bool> _json = CliOption.Switch("--json", "Writes JSON, one value a line, for scripts.");

    public TryCommand(Terminal terminal)
        : base(
            terminal, "try", "Reserves and commits once, as a gateway does around each call, and says what happened.",
            "enforcer try enf_live_… --amount '$0.01'",
            "enforcer try enf_live_… --amount '$0.01' --commit '$0.004'",
            "enforcer try acme --amount 0.01 --model gpt-5.5-mini --tokens 2000",
            "enforcer try acme --model claude-opus-4-8 --prompt 1000 --output 500 --used input=1000,output=120")
    {
        _server = new ServerOptions(terminal);
        Add(_key);
        Option[] all = [_amount, _commit, _model, _tag, _tokens, _prompt, _output, _used, _json];
        foreach (var option in all)
            Add(option);
        CliOption.Rule(this, result =>
        {
            if (result.GetValue(_amount) is { Nanos: 0 })
                result.AddError("--amount: it is 0. A reservation is 0.000000001 or more.");
            var byUsage = result.GetValue(_prompt) is not null || result.GetValue(_output) is not null;
            if (byUsage == result.GetValue(_amount) is not null)
                result.AddError("--amount: give it, or --model with --prompt and --output, and not both.");
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
        if (parse.GetValue(_amount) is null)
            return await RunByUsageAsync(client, account, unit, parse, cancellationToken);
        var amount = parse.GetRequiredValue(_amount)!.Value.InUnit(unit, "--amount");
        var cost = parse.GetValue(_commit)?.InUnit(unit, "--commit") ?? amount;
        var tokens = parse.GetValue(_tokens) ?? 0;
        var options = new ReserveOptions { Model = parse.GetValue(_model), Tag = parse.GetValue(_tag), Tokens = tokens };
        var teller = new TryTeller(Terminal, unit, parse.GetValue(_json));

        await using var reservation = await client.ReserveAsync(account, amount, options, cancellationToken);
        teller.Reserved(reservation, MoneyText.Format(amount, unit));
        if (!reservation.IsGranted)
            return ExitCode.Failed;
        var answer = await reservation.CommitAsync(cost, tokens, cancellationToken);
        teller.Committed(reservation, answer, MoneyText.Format(cost, unit));
        return answer.IsGranted ? ExitCode.Ok : ExitCode.Failed;
    }

    private async Task<int> RunByUsageAsync(
        EnforcerClient client, AccountReference account, string unit, ParseResult parse, CancellationToken cancellationToken)
    {
        var estimate = new UsageEstimate { PromptTokens = parse.GetValue(_prompt) ?? 0, OutputTokens = parse.GetValue(_output) ?? 0 };
        var usage = Used(parse.GetValue(_used) ?? $"input={estimate.PromptTokens},output={estimate.OutputTokens}");
        var teller = new TryTeller(Terminal, unit, parse.GetValue(_json));

        var options = new ReserveOptions { Tag = parse.GetValue(_tag) };
        await using var reservation = await client.ReserveAsync(account, parse.GetValue(_model) ?? "", estimate, options, cancellationToken);
        teller.Reserved(reservation, $"{LimitLines.Count(estimate.PromptTokens)} tokens in, {LimitLines.Count(estimate.OutputTokens)} out");
        if (!reservation.IsGranted)
            return ExitCode.Failed;
        var answer = await reservation.CommitAsync(usage, cancellationToken);
        teller.Committed(reservation, answer, UsageText.Of(usage));
        return answer.IsGranted ? ExitCode.Ok : ExitCode.Failed;
    }

    /// <exception cref="CliException">It is no list of meters with numbers.</exception>
    private static UsageReport Used(string text)
    {
        var usage = new UsageReport();
        foreach (var part in text.Split(','))
        {
            var cut = part.IndexOf('=', StringComparison.Ordinal);
            if (cut < 1 || !long.TryParse(part.AsSpan(cut + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var quantity))
                throw new CliException($"--used: '{part}' is no meter with a number. Write input=800,output=100.", ExitCode.Usage);
            usage.Items.Add(new MeteredUsage { Meter = part[..cut], Quantity = quantity });
        }
        return usage;
    }
}
