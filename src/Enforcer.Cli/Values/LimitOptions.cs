using System.CommandLine;
using System.CommandLine.Parsing;
using Enforcer.Protocol.V1;
using Command = System.CommandLine.Command;

namespace Enforcer.Cli.Values;

/// <summary>The options that name limits, the same for keys and accounts.</summary>
internal sealed class LimitOptions
{
    private readonly Option[] _limits;
    private readonly Option<CapValue?> _cap = Cap("--cap", "Spend cap for the life of the account (its prepaid balance).");
    private readonly Option<CapValue?> _daily = Cap("--daily", "Spend cap per calendar day.");
    private readonly Option<CapValue?> _weekly = Cap("--weekly", "Spend cap per ISO week, from Monday.");
    private readonly Option<CapValue?> _monthly = Cap("--monthly", "Spend cap per calendar month.");
    private readonly Option<string?> _zone =
        CliOption.Text("--zone", "IANA zone of the daily, weekly and monthly caps, such as Europe/Berlin. [default: UTC]", "ZONE");
    private readonly Option<ScopedCap[]> _models =
        CliOption.Many<ScopedCap>("--model-cap", "Spend cap for some models: 'gpt-5.5*=$2' or 'gpt-5.5*=$2/month'.", "MODEL=AMOUNT[/WINDOW]", ValueParsers.Scoped);
    private readonly Option<ScopedCap[]> _tags =
        CliOption.Many<ScopedCap>("--tag-cap", "Spend cap for calls with a tag: 'batch=$2/day'.", "TAG=AMOUNT[/WINDOW]", ValueParsers.Scoped);
    private readonly Option<RateValue?> _rpm = CliOption.One<RateValue>("--rpm", "Requests per minute, and how many at once.", "N[:BURST]", ValueParsers.Rate);
    private readonly Option<RateValue?> _tpm = CliOption.One<RateValue>("--tpm", "Tokens per minute, and how many at once.", "N[:BURST]", ValueParsers.Rate);
    private readonly Option<long?> _concurrency =
        CliOption.One<long>("--concurrency", "The most open reservations.", "N", ValueParsers.CountOrNone);
    private readonly Option<string?> _onExpiry = CliOption.Choice(
        "--on-expiry", "What becomes of a reservation that nobody settles: charge it in full (the money may have been spent) or release it.", "charge", "release");

    /// <summary>Adds the options to a command.</summary>
    public LimitOptions(Command command)
    {
        _limits = [_cap, _daily, _weekly, _monthly, _models, _tags, _rpm, _tpm, _concurrency, _onExpiry];
        foreach (var option in _limits)
            command.Add(option);
        command.Add(_zone);
        CliOption.Rule(command, result =>
        {
            if (result.GetResult(_zone) is not null && !HasCalendarWindow(result))
                result.AddError("--zone: it says where a day, week or month begins, but none is capped here. Add --daily, --weekly or --monthly.");
        });
    }

    /// <summary>Whether any limit is named.</summary>
    public bool AnyIn(CommandResult result) => _limits.Any(option => result.GetResult(option) is { Implicit: false });

    /// <summary>What the command line names.</summary>
    public LimitChanges Read(ParseResult parse) => new()
    {
        Spend =
        [
            .. Window(parse, _cap, SpendWindow.Life),
            .. Window(parse, _daily, SpendWindow.Day),
            .. Window(parse, _weekly, SpendWindow.Week),
            .. Window(parse, _monthly, SpendWindow.Month),
            .. Scoped(parse, _models).Select(cap => new SpendChange(_models.Name, cap.Window, cap.Scope, "", cap.Value.Cap)),
            .. Scoped(parse, _tags).Select(cap => new SpendChange(_tags.Name, cap.Window, "", cap.Scope, cap.Value.Cap)),
        ],
        Zone = parse.GetValue(_zone),
        Requests = parse.GetValue(_rpm),
        Tokens = parse.GetValue(_tpm),
        Concurrency = parse.GetValue(_concurrency),
        OnExpiry = parse.GetValue(_onExpiry) switch
        {
            "charge" => ExpiryPolicy.Charge,
            "release" => ExpiryPolicy.Release,
            _ => null,
        },
    };

    private static Option<CapValue?> Cap(string name, string help) => CliOption.One<CapValue>(name, help, "AMOUNT|none", ValueParsers.Cap);

    private static ScopedCap[] Scoped(ParseResult parse, Option<ScopedCap[]> option) => parse.GetValue(option) ?? [];

    private static IEnumerable<SpendChange> Window(ParseResult parse, Option<CapValue?> option, SpendWindow window)
    {
        if (parse.GetValue(option) is { } value)
            yield return new SpendChange(option.Name, window, "", "", value.Cap);
    }

    private bool HasCalendarWindow(CommandResult result) =>
        new[] { _daily, _weekly, _monthly }.Any(option => result.GetValue(option) is not null)
        || new[] { _models, _tags }.Any(option => (result.GetValue(option) ?? []).Any(cap => cap.Window != SpendWindow.Life));
}
