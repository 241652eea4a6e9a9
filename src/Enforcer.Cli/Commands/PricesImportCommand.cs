using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;
using Google.Protobuf;

namespace Enforcer.Cli.Commands;

/// <summary><c>prices import</c>: a new version of the price book from a file.</summary>
internal sealed class PricesImportCommand : OperatorCommand
{
    private readonly Argument<string> _file = CliOption.Required("FILE", "A rate card, or LiteLLM's price file.");
    private readonly Option<bool> _dryRun = CliOption.Switch("--dry-run", "Tells what would be done, and does nothing.");
    private readonly Option<string?> _seller = SellerOption.Create();
    private readonly Option<Instant?> _from = CliOption.One<Instant>("--from", "From when it counts: 2026-12-01, 2026-12-01T00:00Z. [default: now]", "TIME", Instant.TryParse);
    private readonly Option<string?> _reason = ReasonOption.Create();

    public PricesImportCommand(Terminal terminal)
        : base(
            terminal, "import", "Adds a version to the price book from a file. Nothing is dropped in silence.",
            "enforcer prices import model_prices_and_context_window.json --dry-run",
            "enforcer prices import card.json --from 2026-12-01 --reason 'new contract'")
    {
        Add(_file);
        Option[] all = [_dryRun, _seller, _from, _reason];
        foreach (var option in all)
            Add(option);
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var file = parse.GetRequiredValue(_file);
        if (!File.Exists(file))
            throw new CliException($"FILE: '{file}' does not exist. Name a rate card or LiteLLM's price file.", ExitCode.Usage);
        var request = new ImportPricesRequest
        {
            File = ByteString.CopyFrom(await File.ReadAllBytesAsync(file, cancellationToken)),
            DryRun = parse.GetValue(_dryRun),
            Seller = parse.GetValue(_seller) ?? "",
            ValidFromMs = parse.GetValue(_from)?.ToUnixMs(Terminal.Clock.GetUtcNow()) ?? 0,
            Reason = parse.GetValue(_reason) ?? "",
        };
        var answer = await server.ImportPricesAsync(request, cancellationToken);
        Answer(parse, answer, () =>
        {
            foreach (var entry in answer.Rejected)
                Terminal.Line(CleanText.Of($"rejected  {entry.Model}: {string.Join("; ", entry.Problems)}"));
            Terminal.Line(CleanText.Of(answer.Summary));
        });
        return ExitCode.Ok;
    }
}
