using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>prices diff</c>: what changed from one version to another.</summary>
internal sealed class PricesDiffCommand : OperatorCommand
{
    private readonly Argument<int> _from = CliOption.Required<int>("FROM", "A version.", ValueParsers.Positive);
    private readonly Option<int?> _to = CliOption.One<int>("--to", "Another version. [default: the newest]", "N", ValueParsers.Positive);
    private readonly Option<string?> _model = CliOption.Text("--model", "Only this model, or with a trailing star these.", "MODEL");
    private readonly Option<string?> _provider = CliOption.Text("--provider", "Only this provider's.", "NAME");
    private readonly Option<long?> _limit = PageLimit.Create("lines");
    private readonly Option<string?> _seller = SellerOption.Create();

    public PricesDiffCommand(Terminal terminal)
        : base(terminal, "diff", "Shows what changed from one version to another, line by line.", "enforcer prices diff 1", "enforcer prices diff 1 --to 2 --model 'gpt-5*'")
    {
        Add(_from);
        Option[] all = [_to, _model, _provider, _limit, _seller];
        foreach (var option in all)
            Add(option);
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var request = new DiffPricesRequest
        {
            Seller = parse.GetValue(_seller) ?? "",
            FromVersion = parse.GetRequiredValue(_from),
            ToVersion = parse.GetValue(_to) ?? 0,
            ModelPattern = parse.GetValue(_model) ?? "",
            Provider = parse.GetValue(_provider) ?? "",
        };
        var page = new PageLimit(parse.GetValue(_limit), WantsJson(parse));
        request.Limit = page.Asked;
        var table = new Table("PROVIDER", "MODEL", "LINE", "FROM", "", "TO").Right(3);
        await foreach (var change in server.DiffPricesAsync(request, cancellationToken))
        {
            if (!page.Takes())
                break;
            if (WantsJson(parse))
                Terminal.Line(ProtoJson.Line(change));
            else
                table.Add(change.Provider, change.Model, change.Line, change.From.Length == 0 ? "-" : change.From, "→", change.To.Length == 0 ? "-" : change.To);
        }
        if (WantsJson(parse))
            return ExitCode.Ok;
        if (table.IsEmpty)
            Terminal.Note("Nothing differs.");
        else
            table.Write(Terminal);
        page.NoteRest(Terminal, "lines", "--model, --provider");
        return ExitCode.Ok;
    }
}
