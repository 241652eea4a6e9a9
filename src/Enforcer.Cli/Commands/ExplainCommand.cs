using System.CommandLine;
using Enforcer.Cli.Rendering;
using Enforcer.Cli.Shell;
using Enforcer.Cli.Values;
using Enforcer.Client;
using Enforcer.Protocol.V1;

namespace Enforcer.Cli.Commands;

/// <summary><c>explain</c>: why an operation was granted or refused, and how its price came about.</summary>
internal sealed class ExplainCommand : OperatorCommand
{
    private readonly Argument<Guid> _operation = CliOption.Required<Guid>("OPERATION", "The operation's id, as 'enforcer ledger --json' shows it, or as a refused call had it.", ValueParsers.Id);

    public ExplainCommand(Terminal terminal)
        : base(
            terminal, "explain", "Shows how an operation came to its answer and its price, line by line.",
            "enforcer explain 01a1fcbe-81f9-7e5a-8d3f-e07475044265")
    {
        Add(_operation);
    }

    protected override async Task<int> RunAsync(EnforcerOperator server, ParseResult parse, CancellationToken cancellationToken)
    {
        var request = new ExplainRequest { OperationId = IdText.ToWire(parse.GetRequiredValue(_operation)) };
        var told = await server.ExplainAsync(request, cancellationToken);
        if (WantsJson(parse))
        {
            Terminal.Line(ProtoJson.Line(told));
            return ExitCode.Ok;
        }
        if (told.Refused is { } refused)
        {
            WriteHead(refused.AtMs, refused.Account, $"{refused.Command} refused", refused.Model);
            WriteReasons(told);
            return ExitCode.Ok;
        }
        var account = await server.GetAccountAsync(new GetAccountRequest { Account = told.Entry.Account }, cancellationToken);
        Write(told, account.Unit);
        return ExitCode.Ok;
    }

    private void Write(Explanation told, string unit)
    {
        var entry = told.Entry;
        WriteHead(entry.AtMs, entry.Account, EntryKindNames.Of(entry.Kind), UsageText.ModelOf(entry));
        WriteReasons(told);
        if (told.Version is { } version)
            Terminal.Line($"Prices: {version.Seller}, version {version.Version} of {TimeText.Of(version.AddedAtMs)}; {entry.Priced.PricePin}");
        WriteLines("COST", told.CostLines, told.CostNanos, unit);
        WriteLines("PRICE", told.PriceLines, told.PriceNanos, unit);
    }

    private void WriteHead(long atMs, string account, string what, string model) =>
        Terminal.Line(Terminal.Dress($"{TimeText.Of(atMs)}  {account}  {what}  {CleanText.Of(model)}".TrimEnd(), Paint.Bold));

    private void WriteReasons(Explanation told)
    {
        foreach (var reason in told.Reasons)
            Terminal.Line(CleanText.Of(reason));
    }

    private void WriteLines(string name, IEnumerable<PricedLine> lines, long nanos, string unit)
    {
        var table = new Table(name, "QUANTITY", "UNIT PRICE", "TIMES", "AMOUNT", "WHY").Right(1, 2, 3, 4);
        foreach (var line in lines)
            table.Add(line.Meter, LimitLines.Count(line.Quantity), line.UnitPrice, line.Multiplier, MoneyText.Format(line.AmountNanos, unit), line.Why);
        if (table.IsEmpty)
            return;
        Terminal.Line();
        table.Add("as booked or held", "", "", "", MoneyText.Format(nanos, unit), "");
        table.Write(Terminal);
    }
}
