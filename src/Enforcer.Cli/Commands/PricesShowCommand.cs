using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>prices show</c>: what models cost.</summary>
internal sealed class PricesShowCommand : OperatorCommand
{
    private readonly Argument<string?> _model = new("MODEL") { Description = "Only this model, or with a trailing star these.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _provider = CliOption.Text("--provider", "Only this provider's.", "NAME");
    private readonly Option<int?> _version = CliOption.One<int>("--version", "A version. [default: the one that counts now]", "N", ValueParsers.Positive);
    private readonly Option<long?> _limit = PageLimit.Create("models");
    private readonly Option<string?> _seller = SellerOption.Create();

    public PricesShowCommand(Terminal terminal)
        : base(terminal, "show", "Shows what models cost.", "enforcer prices show claude-opus-4-8", "enforcer prices show 'gpt-5*' --version 2")
    {
        Add(_model);
        Option[] all = [_provider, _version, _limit, _seller];
        foreach (var option in all)
            Add(option);
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var request = new ShowPricesRequest
        {
            Seller = parse.GetValue(_seller) ?? "",
            Version = parse.GetValue(_version) ?? 0,
            ModelPattern = parse.GetValue(_model) ?? "",
            Provider = parse.GetValue(_provider) ?? "",
        };
        var page = new PageLimit(parse.GetValue(_limit), WantsJson(parse));
        request.Limit = page.Asked;
        var table = new Table("PROVIDER", "MODEL", "METER", "PRICE", "PER", "WHEN").Right(3, 4);
        await foreach (var model in server.ShowPricesAsync(request, cancellationToken))
        {
            if (!page.Takes())
                break;
            if (WantsJson(parse))
                Terminal.Line(ProtoJson.Line(model));
            else
                Add(table, model);
        }
        if (WantsJson(parse))
            return ExitCode.Ok;
        if (table.IsEmpty)
            Terminal.Note("No model matches.");
        else
            table.Write(Terminal);
        page.NoteRest(Terminal, "models", "a MODEL such as 'gpt-5*', --provider");
        return ExitCode.Ok;
    }

    private static void Add(Table table, ModelPrices model)
    {
        foreach (var rate in model.Rates)
        {
            var above = rate.AbovePromptTokens == 0 ? "" : $"prompt above {LimitLines.Count(rate.AbovePromptTokens)}";
            table.Add(model.Provider, model.Model, rate.Meter, rate.Price, LimitLines.Count(Math.Max(1, rate.Per)), $"{rate.Tier} {above}".Trim());
        }
        if (model.Multipliers.Count > 0)
            table.Add(model.Provider, model.Model, "tokens", "", "", string.Join(", ", model.Multipliers));
    }
}
