using System.CommandLine;
using System.Globalization;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>prices set</c>: a version in which one rate is another.</summary>
internal sealed class PricesSetCommand : OperatorCommand
{
    private readonly Argument<string> _model = CliOption.Required("MODEL", "The model; a new one needs --provider.");
    private readonly Argument<string> _meter = CliOption.Required("METER", "What is priced: input, output, web_search; see docs/prices.md.");
    private readonly Argument<string> _price = CliOption.Required("PRICE", "What so many units cost: 2.50.");
    private readonly Option<int?> _per = CliOption.One<int>("--per", "How many units cost that: 1, 1000, 1000000. [default: 1]", "N", ValueParsers.Positive);
    private readonly Option<string?> _provider = CliOption.Text("--provider", "Who serves the model.", "NAME");
    private readonly Option<string?> _tier = CliOption.Text("--tier", "The service tier. [default: standard]", "TIER");
    private readonly Option<int?> _above = CliOption.One<int>("--above", "Only for prompts of more tokens than this.", "TOKENS", ValueParsers.Positive);
    private readonly Option<string?> _seller = SellerOption.Create();
    private readonly Option<Instant?> _from = CliOption.One<Instant>("--from", "From when it counts. [default: now]", "TIME", Instant.TryParse);
    private readonly Option<string?> _reason = ReasonOption.Create();

    public PricesSetCommand(Terminal terminal)
        : base(
            terminal, "set", "Adds a version to the price book in which one rate is another.",
            "enforcer prices set claude-opus-4-8 output 25 --per 1000000 --reason 'as published'",
            "enforcer prices set my-model input 0.20 --per 1000000 --provider me")
    {
        Argument[] words = [_model, _meter, _price];
        foreach (var word in words)
            Add(word);
        Option[] all = [_per, _provider, _tier, _above, _seller, _from, _reason];
        foreach (var option in all)
            Add(option);
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var request = new SetRateRequest
        {
            Seller = parse.GetValue(_seller) ?? "",
            Provider = parse.GetValue(_provider) ?? "",
            Model = parse.GetRequiredValue(_model),
            Rate = new Rate
            {
                Meter = parse.GetRequiredValue(_meter),
                Price = parse.GetRequiredValue(_price).TrimStart('$'),
                Per = parse.GetValue(_per) ?? 0,
                Tier = parse.GetValue(_tier) ?? "",
                AbovePromptTokens = parse.GetValue(_above) ?? 0,
            },
            ValidFromMs = parse.GetValue(_from)?.ToUnixMs(Terminal.Clock.GetUtcNow()) ?? 0,
            Reason = parse.GetValue(_reason) ?? "",
        };
        var version = await server.SetRateAsync(request, cancellationToken);
        Answer(parse, version, () => Terminal.Line(string.Create(
            CultureInfo.InvariantCulture, $"Version {version.Version} of {version.Seller} counts {(version.IsCurrent ? "now" : "from " + TimeText.Of(version.ValidFromMs))}.")));
        return ExitCode.Ok;
    }
}
