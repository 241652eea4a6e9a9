using System.CommandLine;
using System.Globalization;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>prices list</c>: the versions of a price book.</summary>
internal sealed class PricesListCommand : OperatorCommand
{
    private readonly Option<string?> _seller = SellerOption.Create();

    public PricesListCommand(Terminal terminal)
        : base(terminal, "list", "Lists the versions of the price book.", "enforcer prices list") => Add(_seller);

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var request = new ListPriceVersionsRequest { Seller = parse.GetValue(_seller) ?? "" };
        var versions = (await server.ListPriceVersionsAsync(request, cancellationToken)).Versions;
        if (WantsJson(parse))
        {
            Terminal.Line(ProtoJson.Array(versions));
            return ExitCode.Ok;
        }
        var table = new Table("VERSION", "COUNTS FROM", "UNIT", "MODELS", "ADDED", "BY", "REASON").Right(0, 3);
        foreach (var version in versions)
        {
            var number = version.Version.ToString(CultureInfo.InvariantCulture) + (version.IsCurrent ? " now" : "");
            table.Add(
                number, version.ValidFromMs == 0 ? "the beginning" : TimeText.Of(version.ValidFromMs), version.Unit, LimitLines.Count(version.Models),
                TimeText.Of(version.AddedAtMs), version.Actor, version.Reason);
        }
        if (table.IsEmpty)
            Terminal.Note("The price book has no versions. Import one: enforcer prices import FILE");
        else
            table.Write(Terminal);
        return ExitCode.Ok;
    }
}
